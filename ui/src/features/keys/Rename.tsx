import { TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { type KeyView, useAction } from "../../ipc";
import { toastProblem } from "../../shared/toast";
import classes from "./Rename.module.css";
import { keysWords as words } from "./words";

interface RenameProps {
  target: KeyView;
  onDone: (byKey: boolean) => void;
}

/** The name in place: Enter keeps it, Escape leaves it as it was. */
export function Rename({ target, onDone }: RenameProps) {
  const [name, setName] = useState(target.name);
  const rename = useAction("keys_rename");
  const settled = useRef(false);
  const leave = (byKey: boolean) => {
    settled.current = true;
    onDone(byKey);
  };
  const save = (byKey: boolean) => {
    if (settled.current) return;
    const wanted = name.trim();
    if (wanted === "" || wanted === target.name) return leave(byKey);
    settled.current = true;
    rename.mutate({ key: target.id, name: wanted }, { onError: toastProblem, onSettled: () => onDone(byKey) });
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
      onBlur={() => save(false)}
      onKeyDown={(event) => {
        if (event.key === "Enter") save(true);
        if (event.key === "Escape") {
          // It leaves the field, and not the selection.
          event.stopPropagation();
          event.nativeEvent.stopImmediatePropagation();
          leave(true);
        }
      }}
    />
  );
}
