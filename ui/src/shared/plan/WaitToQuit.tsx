import { useEffect, useState } from "react";
import { useView } from "../../ipc";
import { Button } from "../controls";
import { planWords } from "./words";

const LOOK_EVERY_MS = 1000;

interface WaitToQuitProps {
  client: string;
  name: string;
  /** The client has quit: its file may have been rewritten on the way out. */
  onQuit: () => void;
}

/** Waits, as long as the person wants, until a client that would overwrite the change has quit. */
export function WaitToQuit({ client, name, onQuit }: WaitToQuitProps) {
  const [waiting, setWaiting] = useState(false);
  const running = useView("clients_running", { client }, { enabled: waiting, everyMs: LOOK_EVERY_MS });
  const quit = waiting && running.data?.running === false;
  useEffect(() => {
    if (quit) onQuit();
  }, [quit, onQuit]);
  return (
    <Button variant="default" size="medium" onClick={() => setWaiting(!waiting)} aria-live="polite">
      {waiting ? planWords.stopWaiting(name) : planWords.wait}
    </Button>
  );
}
