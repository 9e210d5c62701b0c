import { Modal } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { DeepLinkView, HostView, WaitingLinkView } from "../../ipc";
import { Button } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { words as common } from "../../shared/words";
import { ConnectLink } from "./ConnectLink";
import classes from "./LinkDialog.module.css";
import { ProviderLink } from "./ProviderLink";
import { linkWords as words } from "./words";

interface LinkDialogProps {
  waiting: WaitingLinkView;
  onClose: () => void;
}

/** All that a link from outside would do, and the question whether it may. Leaving is the default. */
export function LinkDialog({ waiting, onClose }: LinkDialogProps) {
  const { link, refused } = waiting;
  const [busy, setBusy] = useState(false);
  const title =
    link?.connect != null ? words.connect.title : link?.provider != null ? words.provider.title : words.refused;
  return (
    <Modal
      opened
      onClose={() => {
        if (!busy) onClose();
      }}
      size={link?.connect != null && link.problem === null ? 1000 : 640}
      closeOnClickOutside={false}
      title={<span className={classes.title}>{title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.body}>
        {refused === null ? null : <ProblemAlert problem={{ ...refused, retry: false }} />}
        {link === null ? null : (
          <>
            <p className={classes.note}>{words.outside}</p>
            <Facts link={link} />
            {link.problem !== null ? (
              <ProblemAlert problem={{ ...link.problem, retry: false }} outcome={words.nothingDone} />
            ) : link.connect !== null ? (
              <ConnectLink link={link.connect} onBusy={setBusy} onClose={onClose} />
            ) : link.provider !== null ? (
              <ProviderLink link={link.provider} onBusy={setBusy} onClose={onClose} />
            ) : null}
          </>
        )}
        {refused === null && link?.problem == null ? null : (
          <footer className={classes.footer}>
            <Button variant="default" onClick={onClose} data-autofocus>
              {common.close}
            </Button>
          </footer>
        )}
      </div>
    </Modal>
  );
}

/** Where the link leads, in full, and what to know of that. */
function Facts({ link: { connect, provider, warnings } }: { link: DeepLinkView }) {
  return (
    <>
      <dl className={classes.facts}>
        {connect === null ? null : (
          <>
            <Fact name={words.connect.workspace}>
              {connect.workspaceName === "" ? words.unknown : connect.workspaceName}
              {connect.otherWorkspace ? <span className={classes.aside}>{words.connect.otherWorkspace}</span> : null}
            </Fact>
            <Fact name={words.connect.server}>
              {connect.serverName === "" ? (
                connect.server === "" ? (
                  words.unknown
                ) : (
                  <code>{connect.server}</code>
                )
              ) : (
                connect.serverName
              )}
            </Fact>
            <Host host={connect.host} />
            {connect.name === null ? null : (
              <Fact name={words.connect.entry}>
                <code>{connect.name}</code>
              </Fact>
            )}
          </>
        )}
        {provider === null ? null : (
          <>
            <Fact name={words.provider.name}>{provider.name}</Fact>
            <Host host={provider.host} />
            <Fact name={words.provider.address}>
              <code className={classes.address}>{provider.host.url}</code>
            </Fact>
            <Fact name={words.provider.header}>
              <code>{`${provider.header}: ${provider.scheme === "" ? "" : `${provider.scheme} `}…`}</code>
            </Fact>
          </>
        )}
      </dl>
      {warnings.map(({ code, severity, text }) => (
        <div key={code} className={classes.warning} data-severity={severity}>
          {severity === "caution" ? <Mark tone="warn">{text}</Mark> : text}
        </div>
      ))}
    </>
  );
}

function Host({ host }: { host: HostView | null }) {
  return (
    <Fact name={words.host}>
      {host === null ? (
        words.unknown
      ) : (
        <>
          <code className={classes.host}>{host.host}</code>
          {host.local ? <span className={classes.aside}>{words.local}</span> : null}
        </>
      )}
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
