import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Button } from "../controls";
import { ProblemAlert } from "../ProblemAlert";
import { words as common } from "../words";
import classes from "./SignIn.module.css";
import type { Attempt } from "./useAttempt";
import { signInWords as words } from "./words";

/** Asks for the code of an authenticator; a wrong one can be typed again. */
export function OneTimeCode({ attempt }: { attempt: Attempt }) {
  const [code, setCode] = useState("");
  const [mistake, setMistake] = useState<string | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const typed = code.replace(/\s/g, "");
    setMistake(typed === "" ? words.codeMissing : null);
    if (typed !== "") attempt.sendCode(typed);
  };
  return (
    <form className={classes.wait} onSubmit={send} noValidate>
      <TextInput
        classNames={{ input: classes.digits ?? "" }}
        label={words.code}
        description={words.codeHint}
        value={code}
        error={mistake}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={32}
        spellCheck={false}
        data-autofocus
        autoFocus
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      {attempt.problem === null ? null : <ProblemAlert problem={{ ...attempt.problem, retry: false }} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={attempt.cancel}>
          {common.cancel}
        </Button>
        <Button type="submit" loading={attempt.sendingCode}>
          {words.send}
        </Button>
      </div>
    </form>
  );
}
