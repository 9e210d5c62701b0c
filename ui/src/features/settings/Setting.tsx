import type { ReactNode } from "react";
import classes from "./SettingsPage.module.css";

interface SettingProps {
  name: string;
  note?: string;
  children: ReactNode;
}

/** One line of settings: what it is on the left, what it is set to on the right. */
export function Setting({ name, note, children }: SettingProps) {
  return (
    <div className={classes.setting}>
      <div className={classes.words}>
        <p className={classes.name}>{name}</p>
        {note === undefined ? null : <p className={classes.note}>{note}</p>}
      </div>
      <div className={classes.value}>{children}</div>
    </div>
  );
}
