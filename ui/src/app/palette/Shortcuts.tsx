import { Modal } from "@mantine/core";
import { words as common } from "../../shared/words";
import { Keys } from "../Keys";
import { PAGES } from "../router";
import { ACTION_KEYS, PAGE_KEYS } from "../shortcuts";
import { appWords } from "../words";
import classes from "./Palette.module.css";
import { paletteWords as words } from "./words";

/** All shortcuts there are. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size={400}
      title={<span className={classes.title}>{words.shortcuts}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <dl className={classes.shortcuts}>
        {PAGES.map((page) => (
          <Line key={page} name={words.goTo(appWords[page])} keys={PAGE_KEYS[page]} />
        ))}
        <Line name={words.open} keys={ACTION_KEYS.palette} />
        <Line name={words.newKey} keys={ACTION_KEYS.newKey} />
        <Line name={words.pasteKey} keys={ACTION_KEYS.pasteKey} />
        <Line name={words.search} keys={ACTION_KEYS.search} />
        <Line name={words.shortcuts} keys={ACTION_KEYS.shortcuts} />
        <Line name={words.close} keys="Esc" />
      </dl>
      <p className={classes.note}>{words.notWhileTyping}</p>
    </Modal>
  );
}

function Line({ name, keys }: { name: string; keys: string }) {
  return (
    <div className={classes.line}>
      <dt>{name}</dt>
      <dd>
        <Keys keys={keys} />
      </dd>
    </div>
  );
}
