import { Stepper } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { AppStatusView } from "../../ipc";
import { Brand } from "../../shared/Brand";
import { Button } from "../../shared/controls";
import { markReady } from "../../shared/ready";
import { ConnectStep } from "./ConnectStep";
import classes from "./FirstRunPage.module.css";
import { KeyStep } from "./KeyStep";
import { SignInStep } from "./SignInStep";
import { firstRunWords as words } from "./words";

interface FirstRunPageProps {
  status: AppStatusView;
  /** Whether only the session is missing: then signing in is all there is to do. */
  onlySignIn: boolean;
  onDone: () => void;
}

/** Three steps to the first proof; each says in one line what it did. */
export function FirstRunPage({ status, onlySignIn, onDone }: FirstRunPageProps) {
  const [step, setStep] = useState(0);
  const [did, setDid] = useState<readonly string[]>([]);
  const heading = useRef<HTMLHeadingElement>(null);
  const next = (line: string) => {
    setDid((before) => [...before.slice(0, step), line]);
    if (onlySignIn) onDone();
    else setStep(step + 1);
  };
  const skip = () => (step === 1 ? setStep(2) : onDone());
  const redo = (wanted: number) => {
    if (wanted < step) setStep(wanted);
  };

  useEffect(() => {
    document.title = "Keystow";
    markReady();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is read from its top
  useEffect(() => heading.current?.focus({ preventScroll: true }), [step]);

  return (
    <main className={classes.page}>
      <header className={classes.top}>
        <span className={classes.brand}>
          <Brand size={20} />
          Keystow
        </span>
        <Button variant="subtle" onClick={skip}>
          {words.skip}
        </Button>
      </header>
      <div className={classes.hero}>
        <h1 className={classes.title} ref={heading} tabIndex={-1}>
          {onlySignIn ? words.back : words.title}
        </h1>
        <p className={classes.promise}>{words.promise}</p>
      </div>
      <div className={classes.column}>
        {onlySignIn ? null : (
          <Stepper
            active={step}
            onStepClick={redo}
            size="xs"
            iconSize={26}
            completedIcon={<IconCheck size={14} aria-hidden="true" />}
            classNames={{ root: classes.stepper, stepLabel: classes.stepLabel, stepCompletedIcon: classes.stepDone }}
          >
            <Stepper.Step label={words.steps.signIn} allowStepSelect={step > 0} />
            <Stepper.Step label={words.steps.key} allowStepSelect={step > 1} />
            <Stepper.Step label={words.steps.connect} allowStepSelect={false} />
          </Stepper>
        )}
        {did.length === 0 || step === 0 ? null : (
          <ul className={classes.did} aria-label={words.did}>
            {did.slice(0, step).map((line) => (
              <li key={line}>
                <IconCheck size={14} aria-hidden="true" />
                {line}
              </li>
            ))}
          </ul>
        )}
        {step === 0 ? (
          <SignInStep workspace={status.workspace} onDone={next} />
        ) : step === 1 ? (
          <KeyStep keychain={status.keychain} problem={status.problem} onDone={next} />
        ) : (
          <ConnectStep onDone={onDone} />
        )}
      </div>
    </main>
  );
}
