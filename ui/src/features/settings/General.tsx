import { type Language, type Notifications, type SettingsView, type Theme, useAction, useView } from "../../ipc";
import { Segments, Select, Skeleton } from "../../shared/controls";
import { Section } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toastProblem } from "../../shared/toast";
import { Setting } from "./Setting";
import classes from "./SettingsPage.module.css";
import { settingsWords as words } from "./words";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const LANGUAGES: readonly Language[] = ["system", "en", "de"];
const LEVELS: readonly Notifications[] = ["off", "important", "all"];
const CLIPBOARD_S: readonly number[] = [10, 30, 60, 120];
const DAYS: readonly number[] = [1, 7, 30, 90, 365];

/** The usual choices, and the one that holds where it is another. */
const choices = (usual: readonly number[], own: number) => [...new Set([...usual, own])].sort((a, b) => a - b);

interface GeneralProps {
  /** Shows a theme at once, before it is stored. */
  onTheme: (theme: Theme) => void;
}

/** What the person chooses. Each choice is stored at once. */
export function General({ onTheme }: GeneralProps) {
  const settings = useView("settings_get", {});
  const store = useAction("settings_set");
  const shown = store.isPending ? store.variables : settings.data;
  const change = (wanted: Partial<SettingsView>) => {
    if (shown !== undefined) store.mutate({ ...shown, ...wanted }, { onError: toastProblem });
  };
  const chooseTheme = (theme: Theme) => {
    onTheme(theme);
    change({ theme });
  };
  return (
    <Section title={words.general}>
      {settings.error !== null ? (
        <ProblemAlert problem={settings.error} onRetry={() => void settings.refetch()} />
      ) : (
        <div className={classes.panel}>
          <Setting name={words.theme} note={words.themeNote}>
            {shown === undefined ? (
              <Skeleton width={196} height={30} />
            ) : (
              <Segments
                aria-label={words.theme}
                choices={THEMES.map((value) => ({ value, label: words.themes[value] }))}
                value={shown.theme}
                onChoose={chooseTheme}
              />
            )}
          </Setting>
          <Setting name={words.language} note={words.languageNote}>
            {shown === undefined ? (
              <Skeleton width={222} height={30} />
            ) : (
              <Segments
                aria-label={words.language}
                choices={LANGUAGES.map((value) => ({ value, label: words.languages[value] }))}
                value={shown.language}
                onChoose={(language) => change({ language })}
              />
            )}
          </Setting>
          <Setting name={words.clipboard} note={words.clipboardNote}>
            {shown === undefined ? (
              <Skeleton width={120} height={30} />
            ) : (
              <Select
                aria-label={words.clipboard}
                value={shown.clipboardS}
                choices={choices(CLIPBOARD_S, shown.clipboardS).map((seconds) => ({
                  value: seconds,
                  label: words.seconds(seconds),
                }))}
                onChoose={(clipboardS) => change({ clipboardS })}
              />
            )}
          </Setting>
          <Setting name={words.notifications} note={words.notificationsNote}>
            {shown === undefined ? (
              <Skeleton width={222} height={30} />
            ) : (
              <Segments
                aria-label={words.notifications}
                choices={LEVELS.map((value) => ({ value, label: words.levels[value] }))}
                value={shown.notifications}
                onChoose={(notifications) => change({ notifications })}
              />
            )}
          </Setting>
          <Setting name={words.backups} note={words.backupsNote}>
            {shown === undefined ? (
              <Skeleton width={120} height={30} />
            ) : (
              <Select
                aria-label={words.backups}
                value={shown.keepBackupsDays}
                choices={choices(DAYS, shown.keepBackupsDays).map((days) => ({
                  value: days,
                  label: words.days(days),
                }))}
                onChoose={(keepBackupsDays) => change({ keepBackupsDays })}
              />
            )}
          </Setting>
        </div>
      )}
    </Section>
  );
}
