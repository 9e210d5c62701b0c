import { lazy, Suspense, useState } from "react";
import { Button } from "../../shared/controls";
import { Section } from "../../shared/Page";
import { Setting } from "./Setting";
import classes from "./SettingsPage.module.css";
import { removalWords as words } from "./words";

const RemovalDialog = lazy(() => import("./RemovalDialog").then((module) => ({ default: module.RemovalDialog })));

/** The way out: everything that Keystow ever wrote. */
export function RemoveAll() {
  const [open, setOpen] = useState(false);
  return (
    <Section title={words.section} below>
      <div className={classes.panel}>
        <Setting name={words.title} note={words.note}>
          <Button variant="default" className={classes.danger ?? ""} onClick={() => setOpen(true)}>
            {words.open}
          </Button>
        </Setting>
      </div>
      {open ? (
        <Suspense fallback={null}>
          <RemovalDialog onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </Section>
  );
}
