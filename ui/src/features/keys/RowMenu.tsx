import { Menu } from "@mantine/core";
import {
  IconAlertTriangle,
  IconClipboard,
  IconCopy,
  IconListDetails,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconReplace,
  IconTrash,
} from "@tabler/icons-react";
import { useEffect, useEffectEvent } from "react";
import type { KeyView } from "../../ipc";
import { reasonOf } from "./bulk";
import type { Open } from "./KeyDialogs";
import classes from "./KeyList.module.css";
import type { Offers } from "./offers";
import type { KeyDeeds } from "./useKeyDeeds";
import { rotateWords, keysWords as words } from "./words";

interface RowMenuProps {
  target: KeyView;
  /** Where it opens: at a button, a row or the pointer. */
  at: DOMRect;
  offers: Offers;
  deeds: KeyDeeds;
  onOpen: (open: Open) => void;
  onRename: () => void;
  onClose: () => void;
}

/** What can be done with a key of the list. One menu for all rows. */
export function RowMenu({ target, at, offers, deeds, onOpen, onRename, onClose }: RowMenuProps) {
  // What it stands beside is elsewhere then.
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const leave = ({ target }: Event) => {
      if (!(target instanceof Element && target.closest("[role=menu]"))) close();
    };
    window.addEventListener("resize", leave);
    window.addEventListener("wheel", leave, { passive: true });
    return () => {
      window.removeEventListener("resize", leave);
      window.removeEventListener("wheel", leave);
    };
  }, []);
  return (
    <Menu
      opened
      onClose={onClose}
      returnFocus={false}
      closeOnItemClick={false}
      // Part of the page, where screen readers look for what belongs to it.
      withinPortal={false}
      floatingStrategy="fixed"
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.anchor}
          style={{ left: at.left, top: at.top, width: at.width, height: at.height }}
          tabIndex={-1}
          aria-hidden="true"
        >
          {words.actions(target.name)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <KeyMenuItems
          target={target}
          offers={offers}
          deeds={deeds}
          details
          onOpen={(open) => {
            onClose();
            onOpen(open);
          }}
          onRename={onRename}
          onDone={onClose}
        />
      </Menu.Dropdown>
    </Menu>
  );
}

interface KeyMenuItemsProps {
  target: KeyView;
  offers: Offers;
  deeds: KeyDeeds;
  /** Whether the details are offered: not where they stand already. */
  details?: boolean;
  onOpen: (open: Open) => void;
  onRename: () => void;
  onDone?: () => void;
}

/** What can be done with a key. What its product cannot do is not there. */
export function KeyMenuItems({ target, offers, deeds, details = false, onOpen, onRename, onDone }: KeyMenuItemsProps) {
  const { state, stowed } = target;
  const open = (dialog: "paste" | "replace" | "rotate" | "leaked" | "revoke" | "details") => () =>
    onOpen({ dialog, target });
  const now = (run: (key: KeyView) => void) => () => {
    run(target);
    onDone?.();
  };
  return (
    <>
      {details ? (
        <Menu.Item leftSection={<IconListDetails size={14} aria-hidden="true" />} onClick={open("details")}>
          {words.details}
        </Menu.Item>
      ) : null}
      {stowed ? (
        <Menu.Item leftSection={<IconCopy size={14} aria-hidden="true" />} onClick={now(deeds.copy)}>
          {words.copy}
        </Menu.Item>
      ) : offers.others ? null : (
        <>
          <Menu.Item leftSection={<IconClipboard size={14} aria-hidden="true" />} onClick={open("paste")}>
            {words.pasteIt}
          </Menu.Item>
          {offers.replace ? (
            <Menu.Item leftSection={<IconReplace size={14} aria-hidden="true" />} onClick={open("replace")}>
              {words.replaceIt}
            </Menu.Item>
          ) : null}
        </>
      )}
      {offers.rename ? (
        <Menu.Item leftSection={<IconPencil size={14} aria-hidden="true" />} onClick={onRename}>
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
          onClick={now(deeds.toggle)}
        >
          {state === "paused" ? words.resume : words.pause}
        </Menu.Item>
      )}
      {offers.rotate && reasonOf("rotate", target) === null ? (
        <Menu.Item leftSection={<IconRefresh size={14} aria-hidden="true" />} onClick={open("rotate")}>
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
              onClick={open("leaked")}
            >
              {rotateWords.leakedMenu}
            </Menu.Item>
          ) : null}
          <Menu.Item
            className={classes.destroys}
            leftSection={<IconTrash size={14} aria-hidden="true" />}
            onClick={open("revoke")}
          >
            {words.remove[offers.remove]}
          </Menu.Item>
        </>
      )}
    </>
  );
}
