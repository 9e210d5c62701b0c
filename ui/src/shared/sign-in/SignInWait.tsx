import { IconExternalLink } from "@tabler/icons-react";
import type { SignInView } from "../../ipc";
import { Button, Spinner } from "../controls";
import { PathText } from "../PathText";
import { words as common } from "../words";
import { DeviceCode } from "./DeviceCode";
import { OneTimeCode } from "./OneTimeCode";
import classes from "./SignIn.module.css";
import type { Attempt } from "./useAttempt";
import { signInWords as words } from "./words";

interface SignInWaitProps {
  attempt: Attempt;
  pending: SignInView;
}

/** What a sign-in waits for, and the way to call it off. */
export function SignInWait({ attempt, pending }: SignInWaitProps) {
  if (pending.state === "code_needed") return <OneTimeCode attempt={attempt} />;
  const { device, url } = pending;
  return (
    <div className={classes.wait}>
      {device !== null ? (
        <DeviceCode device={device} />
      ) : (
        <>
          <h2 className={classes.heading}>
            <Spinner aria-hidden="true" /> {words.browser}
          </h2>
          {url === null ? null : (
            <>
              <p className={classes.text}>{words.browserNote}</p>
              <div className={classes.url}>
                <PathText path={url} copies={common.address} />
              </div>
            </>
          )}
        </>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={attempt.cancel}>
          {common.cancel}
        </Button>
        {url === null ? null : (
          <Button variant="default" icon={<IconExternalLink size={14} aria-hidden="true" />} onClick={attempt.open}>
            {words.openAgain}
          </Button>
        )}
      </div>
    </div>
  );
}
