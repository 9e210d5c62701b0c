import { useState } from "react";
import { type Problem, type SignInView, useAction } from "../../ipc";
import { toastProblem } from "../toast";

export interface Attempt {
  /** What waits for the person: a browser, a device code, or a one-time code; `null`: nothing. */
  pending: SignInView | null;
  cancelled: boolean;
  /** Why waiting ended, or why a code was refused. */
  problem: Problem | null;
  sendingCode: boolean;
  /** Takes what a sign-in answered and goes on from there. */
  take: (view: SignInView) => void;
  sendCode: (code: string) => void;
  /** Opens the page it waits for once more. */
  open: () => void;
  cancel: () => void;
  /** Forgets how the last one ended. */
  reset: () => void;
}

/** A sign-in from its first answer to its last: waits, asks for a code, can be called off. */
export function useAttempt(onDone: (view: SignInView) => void): Attempt {
  const wait = useAction("sessions_wait");
  const code = useAction("sessions_code");
  const again = useAction("sessions_open");
  const stop = useAction("sessions_cancel");
  const [pending, setPending] = useState<SignInView | null>(null);
  const [cancelled, setCancelled] = useState(false);

  const take = (view: SignInView) => {
    setCancelled(view.state === "cancelled");
    const waits = view.state === "waiting" || view.state === "code_needed";
    setPending(waits ? view : null);
    if (view.state === "waiting" && view.attempt !== null) {
      wait.mutate({ attempt: view.attempt }, { onSuccess: take, onError: () => setPending(null) });
    }
    if (view.state === "done") onDone(view);
  };

  return {
    pending,
    cancelled,
    problem: wait.error ?? code.error,
    sendingCode: code.isPending,
    take,
    sendCode: (typed) => {
      const attempt = pending?.attempt;
      if (attempt != null) code.mutate({ attempt, code: typed }, { onSuccess: take });
    },
    open: () => {
      const attempt = pending?.attempt;
      if (attempt != null) again.mutate({ attempt }, { onError: toastProblem });
    },
    cancel: () => {
      const attempt = pending?.attempt;
      // A question for a code has nobody who waits for it, so nobody else says that it is over.
      if (pending?.state === "code_needed") {
        setPending(null);
        setCancelled(true);
      }
      if (attempt != null) stop.mutate({ attempt });
    },
    reset: () => {
      setCancelled(false);
      wait.reset();
      code.reset();
    },
  };
}
