import { Switch } from "@mantine/core";
import { type DesktopView, useAction, useView } from "../../ipc";
import { Skeleton } from "../../shared/controls";
import { Section } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toastProblem } from "../../shared/toast";
import classes from "./SettingsPage.module.css";
import { desktopWords as words } from "./words";

const ROWS = ["launchAtLogin", "stayInTray"] as const;

/** When the program runs: with the computer, and without its window. */
export function Desktop() {
  const desktop = useView("desktop_get", {});
  const store = useAction("desktop_set");
  const shown = store.isPending ? store.variables : desktop.data;
  const change = (wanted: Partial<DesktopView>) => {
    if (shown !== undefined) store.mutate({ ...shown, ...wanted }, { onError: toastProblem });
  };
  return (
    <Section title={words.title}>
      {desktop.error !== null ? (
        <ProblemAlert problem={desktop.error} onRetry={() => void desktop.refetch()} retrying={desktop.isFetching} />
      ) : (
        <div className={classes.panel}>
          {ROWS.map((row) => (
            <div key={row} className={classes.setting}>
              <div className={classes.words}>
                <p className={classes.name}>{words.name[row]}</p>
                <p className={classes.note}>{words.note[row]}</p>
              </div>
              <div className={classes.value}>
                {shown === undefined ? (
                  <Skeleton width={36} height={20} />
                ) : (
                  <Switch
                    aria-label={words.name[row]}
                    checked={shown[row]}
                    onChange={(event) => change({ [row]: event.currentTarget.checked })}
                  />
                )}
              </div>
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}
