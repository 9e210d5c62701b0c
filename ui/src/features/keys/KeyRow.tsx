import { ActionIcon, Menu, TextInput, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconClipboard,
  IconCopy,
  IconDots,
  IconListDetails,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconReplace,
  IconTrash,
} from "@tabler/icons-react";
import { type CSSProperties, type ReactNode, useRef, useState } from "react";
import { type KeyView, useAction } from "../../ipc";
import { Mark } from "../../shared/Mark";
import { RelativeTime } from "../../shared/RelativeTime";
import { Tile } from "../../shared/Tile";
import { toast, toastProblem } from "../../shared/toast";
import { Expires } from "./Expires";
import type { Open } from "./KeyDialogs";
import classes from "./KeyList.module.css";
import type { Offers } from "./offers";
import { rotateWords, keysWords as words } from "./words";

interface KeyRowProps {
  target: KeyView;
  showState: boolean;
  rowIndex: number;
  style: CSSProperties;
  offers: Offers;
  onOpen: (open: Open) => void;
}

/** One key: its name, its visible ends, who uses it, and what can be done with it. */
export function KeyRow({ target, showState, rowIndex, style, offers, onOpen }: KeyRowProps) {
  const [renaming, setRenaming] = useState(false);
  const copy = useAction("keys_copy");
  const pause = useAction("keys_pause");
  const resume = useAction("keys_resume");
  const { id, name, state, stowed, lastUsedAt } = target;

  const copyKey = () =>
    copy.mutate(
      { key: id },
      {
        onSuccess: (copied) => toast({ text: words.copied(copied.name, copied.clearsAfterS) }),
        onError: toastProblem,
      },
    );
  const show = () => onOpen({ dialog: "details", target });
  const toggle = () =>
    state === "paused"
      ? resume.mutate({ key: id }, { onSuccess: () => toast({ text: words.resumed(target) }), onError: toastProblem })
      : pause.mutate({ key: id }, { onSuccess: () => toast({ text: words.paused(target) }), onError: toastProblem });

  return (
    <div className={classes.row} role="row" aria-rowindex={rowIndex} style={style}>
      <Cell>
        {renaming ? (
          <Rename target={target} onDone={() => setRenaming(false)} />
        ) : (
          <Tooltip label={words.open(name)} openDelay={700}>
            <button
              type="button"
              className={classes.name}
              onClick={show}
              onKeyDown={(event) => {
                if (event.key === "F2" && offers.rename) setRenaming(true);
              }}
            >
              {name}
            </button>
          </Tooltip>
        )}
        {showState && state !== "enabled" && !renaming ? (
          <Mark tone={state === "paused" ? "paused" : "warn"}>{words.state[state]}</Mark>
        ) : null}
      </Cell>
      <Cell>
        <code className={classes.masked}>{target.masked}</code>
        {stowed ? (
          <Tooltip label={words.copy}>
            <ActionIcon size={24} aria-label={words.copyKey(name)} onClick={copyKey} loading={copy.isPending}>
              <IconCopy size={14} aria-hidden="true" />
            </ActionIcon>
          </Tooltip>
        ) : null}
      </Cell>
      <Cell column="scopes">
        <Scopes target={target} />
      </Cell>
      <Cell>
        {offers.others ? (
          <span className={classes.quiet}>{target.owner ?? words.noOwner}</span>
        ) : (
          <UsedBy target={target} />
        )}
      </Cell>
      <Cell quiet>{lastUsedAt === null ? words.neverUsed : <RelativeTime at={lastUsedAt} />}</Cell>
      <Cell quiet>
        <Expires target={target} />
      </Cell>
      <Cell>
        {/* While it is renamed, the focus belongs to the field and not to the button that opened the menu. */}
        <Menu returnFocus={!renaming}>
          <Menu.Target>
            <ActionIcon aria-label={words.actions(name)}>
              <IconDots size={16} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconListDetails size={14} aria-hidden="true" />} onClick={show}>
              {words.details}
            </Menu.Item>
            {stowed ? (
              <Menu.Item leftSection={<IconCopy size={14} aria-hidden="true" />} onClick={copyKey}>
                {words.copy}
              </Menu.Item>
            ) : offers.others ? null : (
              <>
                <Menu.Item
                  leftSection={<IconClipboard size={14} aria-hidden="true" />}
                  onClick={() => onOpen({ dialog: "paste", target })}
                >
                  {words.pasteIt}
                </Menu.Item>
                {offers.replace ? (
                  <Menu.Item
                    leftSection={<IconReplace size={14} aria-hidden="true" />}
                    onClick={() => onOpen({ dialog: "replace", target })}
                  >
                    {words.replaceIt}
                  </Menu.Item>
                ) : null}
              </>
            )}
            {offers.rename ? (
              <Menu.Item leftSection={<IconPencil size={14} aria-hidden="true" />} onClick={() => setRenaming(true)}>
                {words.rename}
              </Menu.Item>
            ) : null}
            {state === "expired" || !offers.pause ? null : (
              <Menu.Item
                leftSection={
                  state === "paused" ? (
                    <IconPlayerPlay size={14} aria-hidden="true" />
                  ) : (
                    <IconPlayerPause size={14} aria-hidden="true" />
                  )
                }
                onClick={toggle}
              >
                {state === "paused" ? words.resume : words.pause}
              </Menu.Item>
            )}
            {stowed && offers.rotate && state === "enabled" ? (
              <Menu.Item
                leftSection={<IconRefresh size={14} aria-hidden="true" />}
                onClick={() => onOpen({ dialog: "rotate", target })}
              >
                {rotateWords.menu}
              </Menu.Item>
            ) : null}
            {offers.remove === null ? null : (
              <>
                <Menu.Divider />
                {stowed && offers.rotate && offers.remove === "revoke" ? (
                  <Menu.Item
                    className={classes.destroys}
                    leftSection={<IconAlertTriangle size={14} aria-hidden="true" />}
                    onClick={() => onOpen({ dialog: "leaked", target })}
                  >
                    {rotateWords.leakedMenu}
                  </Menu.Item>
                ) : null}
                <Menu.Item
                  className={classes.destroys}
                  leftSection={<IconTrash size={14} aria-hidden="true" />}
                  onClick={() => onOpen({ dialog: "revoke", target })}
                >
                  {words.remove[offers.remove]}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      </Cell>
    </div>
  );
}

interface CellProps {
  children: ReactNode;
  quiet?: boolean;
  column?: string;
}

function Cell({ children, quiet = false, column }: CellProps) {
  return (
    <div className={quiet ? classes.quiet : classes.cell} role="cell" data-column={column}>
      {children}
    </div>
  );
}

interface RenameProps {
  target: KeyView;
  onDone: () => void;
}

/** The name in place: Enter keeps it, Escape leaves it as it was. */
function Rename({ target, onDone }: RenameProps) {
  const [name, setName] = useState(target.name);
  const rename = useAction("keys_rename");
  const settled = useRef(false);
  const leave = () => {
    settled.current = true;
    onDone();
  };
  const save = () => {
    if (settled.current) return;
    const wanted = name.trim();
    if (wanted === "" || wanted === target.name) return leave();
    settled.current = true;
    rename.mutate({ key: target.id, name: wanted }, { onError: toastProblem, onSettled: onDone });
  };
  return (
    <TextInput
      className={classes.rename}
      aria-label={words.renameLabel(target.name)}
      value={name}
      maxLength={100}
      disabled={rename.isPending}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
        if (event.key === "Escape") leave();
      }}
    />
  );
}

function Scopes({ target }: { target: KeyView }) {
  const { scopes, readOnly, preset } = target;
  const limits = [readOnly ? words.readOnly : null, preset === "full" ? null : preset].filter(
    (limit, index, all) => limit !== null && all.indexOf(limit) === index,
  );
  const shown = limits.length > 0 ? limits.join(", ") : short(scopes);
  return (
    <Tooltip label={scopes.length === 0 ? words.everything : scopes.join(", ")}>
      <span className={classes.quiet}>{shown}</span>
    </Tooltip>
  );
}

/** `view:keys +2`. */
function short([first, ...rest]: readonly string[]): string {
  if (first === undefined) return words.everything;
  return rest.length === 0 ? first : `${first} +${rest.length}`;
}

function UsedBy({ target }: { target: KeyView }) {
  const { usedBy, stowed } = target;
  if (!stowed) {
    return (
      <Tooltip label={words.notHereNote}>
        <span className={classes.notHere}>{words.notHere}</span>
      </Tooltip>
    );
  }
  const clients = [...new Map(usedBy.map((use) => [use.client, use])).values()];
  const [only] = clients;
  if (only === undefined) return <span className={classes.quiet}>{words.noClient}</span>;
  if (clients.length === 1) {
    return (
      <span className={classes.chip}>
        <Tile id={only.client} name={only.name} size="sm" />
        <span>{only.name}</span>
      </span>
    );
  }
  return (
    <Tooltip label={clients.map((use) => use.name).join(", ")}>
      <span className={classes.cell}>
        {clients.map((use) => (
          <Tile key={use.client} id={use.client} name={use.name} size="sm" />
        ))}
        <span className="ks-hidden">{clients.map((use) => use.name).join(", ")}</span>
      </span>
    </Tooltip>
  );
}
