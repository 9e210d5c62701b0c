import { Radio, TextInput } from "@mantine/core";
import { IconClipboard } from "@tabler/icons-react";
import { type FormEvent, useEffect, useEffectEvent, useState } from "react";
import { type Method, type ProviderView, type SignInView, useAction, type WorkspaceView } from "../../ipc";
import { Button } from "../controls";
import { ProblemAlert } from "../ProblemAlert";
import { SignInWait, signInWords, useAttempt } from "../sign-in";
import type { Again } from "./AddWorkspace";
import classes from "./AddWorkspace.module.css";
import { BaseFields, initialBase, urlOf } from "./BaseFields";
import { HeaderFields, headerRequests, headerValues, missingHeader } from "./HeaderFields";
import { Sure } from "./Sure";
import { addWords as words } from "./words";

/** Keystow made this account itself and holds its password. */
const LOCAL = "local";
const SECRET: ReadonlySet<Method> = new Set(["password", "token"]);

interface ProviderFormProps {
  provider: ProviderView;
  again: Again | null;
  onBack: (() => void) | null;
  onDone: (workspace: WorkspaceView) => void;
}

/** Asks for what one product needs: its address, how to sign in, headers beside the key. */
export function ProviderForm({ provider, again, onBack, onDone }: ProviderFormProps) {
  const { base: asked, methods } = provider;
  const [base, setBase] = useState(() => initialBase(asked, again?.url));
  const [method, setMethod] = useState<Method | null>(methods[0] ?? null);
  const [login, setLogin] = useState(again?.login ?? "");
  const [headers, setHeaders] = useState(() => headerValues(provider.headers));
  const [tried, setTried] = useState(false);
  const signIn = useAction("sessions_sign_in");
  const add = useAction("workspaces_add");
  const set = useAction("workspaces_set");

  // Signing in takes no headers: they are kept once the workspace is there.
  const arrive = ({ workspace }: SignInView) => {
    if (workspace === null) return;
    if (provider.headers.length === 0) return onDone(workspace);
    set.mutate(
      { workspace: workspace.id, name: null, headers: headerRequests(headers) },
      { onSuccess: (kept) => onDone(kept) },
    );
  };
  const attempt = useAttempt(arrive);
  const abandon = useEffectEvent(attempt.cancel);
  // A dialog that is closed waits for nothing any more.
  useEffect(() => () => abandon(), []);

  if (attempt.pending !== null) return <SignInWait attempt={attempt} pending={attempt.pending} />;

  const own = provider.id === LOCAL && method === "password";
  const wantsLogin = method === "password" && !own;
  const url = urlOf(base);
  const missing = missingHeader(provider.headers, headers);
  const incomplete = (asked !== null && url === "") || (wantsLogin && login.trim() === "") || missing !== null;
  const problem = signIn.error ?? add.error ?? set.error ?? attempt.problem;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (incomplete) return;
    attempt.reset();
    const said = asked === null ? null : url;
    if (method === null) {
      add.mutate(
        { provider: provider.id, url: said, headers: headerRequests(headers) },
        { onSuccess: (added) => onDone(added) },
      );
      return;
    }
    signIn.mutate(
      {
        provider: provider.id,
        method,
        url: said,
        login: wantsLogin ? login.trim() : null,
        fromClipboard: SECRET.has(method) && !own,
      },
      { onSuccess: attempt.take },
    );
  };

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <p className={classes.note}>
        {provider.about} {words.can(provider)}
      </p>
      {asked === null ? null : (
        <BaseFields
          base={asked}
          value={base}
          mistake={tried && url === "" ? words.baseMissing(asked.example) : null}
          onChange={setBase}
        />
      )}
      {method === null ? (
        <p className={classes.text}>{words.noSignIn}</p>
      ) : methods.length < 2 ? null : (
        <Radio.Group
          label={words.method}
          value={method}
          onChange={(value) => setMethod(methods.find((each) => each === value) ?? method)}
        >
          <div className={classes.choices}>
            {methods.map((each) => (
              <Radio
                key={each}
                value={each}
                label={provider.id === LOCAL && each === "password" ? words.local : words.methods[each].title}
                description={provider.id === LOCAL && each === "password" ? undefined : words.methods[each].text}
              />
            ))}
          </div>
        </Radio.Group>
      )}
      {wantsLogin ? (
        <TextInput
          label={words.login}
          placeholder={words.loginPlaceholder}
          value={login}
          error={tried && login.trim() === "" ? words.loginMissing : null}
          autoComplete="username"
          spellCheck={false}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
      ) : null}
      <HeaderFields
        headers={provider.headers}
        values={headers}
        missing={tried ? missing : null}
        onChange={setHeaders}
      />
      <Sure provider={provider} />
      {problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
      {attempt.cancelled ? (
        <p className={classes.note} role="status">
          {signInWords.cancelled}
        </p>
      ) : null}
      {method !== null && SECRET.has(method) && !own ? <p className={classes.note}>{words.clipboardNote}</p> : null}
      <footer className={classes.footer}>
        {onBack === null ? null : (
          <Button variant="default" onClick={onBack}>
            {words.back}
          </Button>
        )}
        <Button
          type="submit"
          loading={signIn.isPending || add.isPending || set.isPending}
          icon={
            method !== null && SECRET.has(method) && !own ? <IconClipboard size={14} aria-hidden="true" /> : undefined
          }
        >
          {method === null ? words.add : own ? words.local : words.start[method]}
        </Button>
      </footer>
    </form>
  );
}
