import { useEffect, useEffectEvent } from "react";
import { type KeyView, useView } from "../../ipc";
import { toastProblem } from "../../shared/toast";

/** Reads a key that is to be shown and hands it over, once. */
export function useShown(asked: string | null, show: (key: KeyView) => void, onDone: () => void): void {
  const { data, error } = useView("keys_show", { key: asked ?? "" }, { enabled: asked !== null });
  const settle = useEffectEvent((key: KeyView | undefined) => {
    if (key !== undefined) show(key);
    else if (error !== null) toastProblem(error);
    onDone();
  });
  useEffect(() => {
    if (asked !== null && (data !== undefined || error !== null)) settle(data);
  }, [asked, data, error]);
}
