import { Drawer, Menu } from "@mantine/core";
import { IconChevronLeft, IconCopy, IconDots, IconRefresh } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { type KeyView, type ProviderView, useView } from "../../ipc";
import { Button, IconButton, Skeleton } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { Page } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { words as common } from "../../shared/words";
import { reasonOf } from "./bulk";
import { KeyBody } from "./KeyBody";
import classes from "./KeyDetails.module.css";
import type { Open } from "./KeyDialogs";
import type { Offers } from "./offers";
import { Rename } from "./Rename";
import { KeyMenuItems } from "./RowMenu";
import { useKeyDeeds } from "./useKeyDeeds";
import { keysWords, rotateWords, detailWords as words } from "./words";

export interface KeyDetailsProps {
  id: string;
  /** The key as the list has it, to show it at once. */
  listed: KeyView | null;
  /** A page of its own, and no drawer over the list. */
  wide: boolean;
  provider: ProviderView;
  offers: Offers;
  onClose: () => void;
  onOpen: (open: Open) => void;
}

/** All about one key: what it may do, what it was used for, who uses it, what happened to it. */
export function KeyDetails({ id, listed, wide, provider, offers, onClose, onOpen }: KeyDetailsProps) {
  // What is somebody else's can be looked at in everybody's list only.
  const shown = useView("keys_show", { key: id }, { enabled: !offers.others });
  const [renaming, setRenaming] = useState(false);
  const target = shown.data ?? listed;
  const name = target?.name ?? (shown.error === null ? common.loading : words.gone);
  const body =
    target !== null ? (
      <KeyBody
        target={target}
        provider={provider}
        offers={offers}
        wide={wide}
        onPaste={() => onOpen({ dialog: "paste", target })}
        onReplace={() => onOpen({ dialog: "replace", target })}
      />
    ) : shown.error === null ? (
      <Skeleton height={192} />
    ) : (
      <ProblemAlert problem={shown.error} onRetry={() => void shown.refetch()} retrying={shown.isFetching} />
    );
  const actions =
    target === null ? null : (
      <Actions target={target} offers={offers} renaming={renaming} onOpen={onOpen} onRename={() => setRenaming(true)} />
    );
  const rename =
    renaming && target !== null ? (
      <div className={classes.renaming}>
        <Rename target={target} onDone={() => setRenaming(false)} />
      </div>
    ) : null;
  if (wide) {
    return (
      <Page
        title={name}
        about={
          <a className={classes.back} href="#/keys">
            <IconChevronLeft size={14} aria-hidden="true" />
            {words.back}
          </a>
        }
        actions={actions}
      >
        {rename}
        {body}
      </Page>
    );
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      size={520}
      title={<span className={classes.title}>{name}</span>}
      closeButtonProps={{ "aria-label": common.close }}
      // Escape leaves the field first.
      closeOnEscape={!renaming}
    >
      <div className={classes.actions}>{actions}</div>
      {rename}
      {body}
    </Drawer>
  );
}

interface ActionsProps {
  target: KeyView;
  offers: Offers;
  renaming: boolean;
  onOpen: (open: Open) => void;
  onRename: () => void;
}

function Actions({ target, offers, renaming, onOpen, onRename }: ActionsProps): ReactNode {
  const deeds = useKeyDeeds();
  const { stowed, state } = target;
  const rotates = offers.rotate && reasonOf("rotate", target) === null;
  return (
    <>
      {stowed ? (
        <Button
          variant="default"
          icon={<IconCopy size={14} aria-hidden="true" />}
          onClick={() => deeds.copy(target)}
          loading={deeds.copying !== null}
        >
          {keysWords.copy}
        </Button>
      ) : null}
      {rotates ? (
        <Button
          variant="default"
          icon={<IconRefresh size={14} aria-hidden="true" />}
          onClick={() => onOpen({ dialog: "rotate", target })}
        >
          {rotateWords.menu}
        </Button>
      ) : null}
      {/* While it is renamed, the focus belongs to the field and not to the button that opened the menu. */}
      <Menu returnFocus={!renaming}>
        <Menu.Target>
          <IconButton framed size={30} aria-label={words.actions}>
            <IconDots size={16} aria-hidden="true" />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <KeyMenuItems target={target} offers={offers} deeds={deeds} onOpen={onOpen} onRename={onRename} />
        </Menu.Dropdown>
      </Menu>
      {state === "enabled" ? null : <Mark tone={state === "paused" ? "paused" : "warn"}>{keysWords.state[state]}</Mark>}
    </>
  );
}
