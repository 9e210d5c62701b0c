import { useEffect } from "react";
import { type ProviderLinkView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { Diff } from "../../shared/plan";
import { toast } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./LinkDialog.module.css";
import { linkWords } from "./words";

const words = linkWords.provider;

interface ProviderLinkProps {
  link: ProviderLinkView;
  onBusy: (busy: boolean) => void;
  onClose: () => void;
}

/** The file that would be written, whole, and the two things that would be done with it. */
export function ProviderLink({ link, onBusy, onClose }: ProviderLinkProps) {
  const make = useAction("providers_add_custom");
  const enter = useAction("workspaces_add");
  const problem = make.error ?? enter.error;
  const busy = make.isPending || enter.isPending;
  useEffect(() => onBusy(busy), [busy, onBusy]);
  const add = (provider: string) =>
    enter.mutate(
      { provider, url: null, headers: [] },
      {
        onSuccess: ({ name }) => {
          toast({ text: words.added(name) });
          onClose();
        },
      },
    );
  const write = () => {
    // Written already, when only entering it failed.
    if (make.data !== undefined) return add(make.data.id);
    make.mutate(
      { name: link.name, url: link.host.url, header: link.header, scheme: link.scheme },
      { onSuccess: ({ id }) => add(id) },
    );
  };
  const lines = link.text
    .trimEnd()
    .split("\n")
    .map((text, index) => ({ kind: "added" as const, before: null, after: index + 1, text }));
  return (
    <>
      <section className={classes.file}>
        <PathText path={link.path} copies={common.path} />
        <div className={classes.text}>
          <Diff path={link.path} lines={lines} />
        </div>
      </section>
      <p className={classes.note}>{words.follows}</p>
      {problem === null ? null : (
        <ProblemAlert
          problem={{ ...problem, retry: false }}
          {...(make.data === undefined ? { outcome: common.nothingWritten } : {})}
        />
      )}
      <footer className={classes.footer}>
        <Button variant="default" onClick={onClose} disabled={busy} data-autofocus>
          {common.cancel}
        </Button>
        <Button onClick={write} loading={busy}>
          {words.write}
        </Button>
      </footer>
    </>
  );
}
