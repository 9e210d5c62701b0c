import { Checkbox, Modal } from "@mantine/core";
import { useState } from "react";
import { type ClientView, copyText, type LinkView, useAction, useView } from "../../ipc";
import { Button, Select, Skeleton } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./Links.module.css";
import { connectWords } from "./words";

const words = connectWords.links;

interface LinksProps {
  client: ClientView;
  onClose: () => void;
}

/** Ways to add a server to a client without writing its settings file: to copy, or to open. */
export function Links({ client, onClose }: LinksProps) {
  const [server, setServer] = useState<string | null>(null);
  const [exposeKey, setExposeKey] = useState(false);
  const servers = useView("servers_list", {});
  const asked = { client: client.id, server, key: null, exposeKey };
  const links = useView("clients_links", asked);
  const open = useAction("clients_open_link");
  const copyExposed = useAction("clients_copy_link");
  const copyWithKey = (number: number) =>
    copyExposed.mutate(
      { links: asked, number },
      {
        onSuccess: ({ name, clearsAfterS }) => toast({ text: words.copied(name, clearsAfterS) }),
        onError: toastProblem,
      },
    );
  const copy = (text: string) => copyText(text).then(() => toast({ text: common.copied, forMs: 2500 }), toastProblem);
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={<span className={classes.title}>{words.title(client.name)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {(servers.data?.length ?? 0) < 2 ? null : (
        <div className={classes.server}>
          <Select
            label={words.server}
            value={server ?? servers.data?.[0]?.id ?? ""}
            onChoose={setServer}
            choices={servers.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          />
        </div>
      )}
      {links.isPending ? (
        <Skeleton height={160} />
      ) : links.error !== null ? (
        <ProblemAlert problem={links.error} onRetry={() => void links.refetch()} retrying={links.isFetching} />
      ) : (
        <div className={classes.root}>
          <p className={classes.about}>{words.about(links.data.connection !== null)}</p>
          {links.data.warnings.map((warning) => (
            <p key={warning.code} className={classes.warning}>
              <Mark tone="warn">{warning.text}</Mark>
            </p>
          ))}
          <ol className={classes.list}>
            {links.data.links.map((link, index) => (
              <Way
                key={`${link.kind} ${link.title}`}
                link={link}
                onCopy={() => (link.text === null ? copyWithKey(index + 1) : copy(link.text))}
                onOpen={() => open.mutate({ links: asked, number: index + 1 }, { onError: toastProblem })}
              />
            ))}
          </ol>
          <Checkbox
            label={words.expose}
            description={words.exposeNote}
            checked={exposeKey}
            onChange={(event) => setExposeKey(event.currentTarget.checked)}
          />
        </div>
      )}
    </Modal>
  );
}

interface WayProps {
  link: LinkView;
  onCopy: () => void;
  onOpen: () => void;
}

function Way({ link, onCopy, onOpen }: WayProps) {
  const { text } = link;
  return (
    <li className={classes.way}>
      <div className={classes.head}>
        <h3 className={classes.name}>{link.title}</h3>
        {link.opens ? (
          <Button onClick={onOpen} aria-label={words.openLabel(link.title)}>
            {words.open}
          </Button>
        ) : null}
        <Button variant="default" onClick={onCopy} aria-label={words.copyLabel(link.title)}>
          {words.copy}
        </Button>
      </div>
      {text === null ? (
        <Mark tone="warn">{words.hidden}</Mark>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <code className={classes.text} tabIndex={0}>
          {text}
        </code>
      )}
    </li>
  );
}
