import { Modal } from "@mantine/core";
import { IconCopy, IconPlugConnected, IconShieldCheck } from "@tabler/icons-react";
import type { KeyView } from "../../ipc";
import { Button, ButtonLink } from "../../shared/controls";
import { words as common } from "../../shared/words";
import classes from "./Stowed.module.css";
import { useKeyDeeds } from "./useKeyDeeds";
import { createWords as words } from "./words";

interface StowedProps {
  made: KeyView;
  onClose: () => void;
}

/** Where other products show a key once, to be copied or lost: it is stowed, and copied whenever one wants. */
export function Stowed({ made, onClose }: StowedProps) {
  const { copy, copying } = useKeyDeeds();
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={<span className={classes.title}>{words.stowedTitle}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.body}>
        <div className={classes.key}>
          <IconShieldCheck className={classes.icon} size={20} stroke={1.6} aria-hidden="true" />
          <div>
            <p className={classes.said} role="status">
              {words.created(made.name)}
            </p>
            <code className={classes.masked}>{made.masked}</code>
          </div>
        </div>
        <p className={classes.note}>{words.stowedNote}</p>
        <footer className={classes.footer}>
          <Button
            variant="default"
            icon={<IconCopy size={14} aria-hidden="true" />}
            onClick={() => copy(made)}
            loading={copying !== null}
          >
            {words.copy}
          </Button>
          <ButtonLink
            href="#/connect"
            variant="default"
            icon={<IconPlugConnected size={14} aria-hidden="true" />}
            onClick={onClose}
          >
            {words.connect}
          </ButtonLink>
          <span className={classes.gap} />
          <Button onClick={onClose} data-autofocus>
            {common.done}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
