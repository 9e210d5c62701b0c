import { Button, NativeSelect, SegmentedControl, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { type AppStatusView, type Language, type SettingsView, type Theme, useAction, useView } from "../../ipc";
import { Page, Section } from "../../shared/Page";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toastProblem } from "../../shared/toast";
import { Desktop } from "./Desktop";
import { Health } from "./Health";
import { OwnProviders } from "./OwnProviders";
import classes from "./SettingsPage.module.css";
import { settingsWords as words } from "./words";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const LANGUAGES: readonly Language[] = ["system", "en", "de"];

interface SettingsPageProps {
  status: AppStatusView;
  /** Shows a theme at once, before it is stored. */
  onTheme: (theme: Theme) => void;
  onFirstSteps: () => void;
}

/** How the window looks, whether all is well, and where things are. */
export function SettingsPage({ status, onTheme, onFirstSteps }: SettingsPageProps) {
  const settings = useView("settings_get", {});
  const store = useAction("settings_set");
  const choose = (value: string) => {
    const theme = THEMES.find((each) => each === value) ?? "system";
    onTheme(theme);
    change({ theme });
  };
  const shown = store.isPending ? store.variables : settings.data;
  const change = (wanted: Partial<SettingsView>) => {
    if (shown !== undefined) store.mutate({ ...shown, ...wanted }, { onError: toastProblem });
  };
  const theme = shown?.theme;
  return (
    <Page title={words.title}>
      <Section title={words.general}>
        {settings.error !== null ? (
          <ProblemAlert problem={settings.error} onRetry={() => void settings.refetch()} />
        ) : (
          <div className={classes.panel}>
            <Setting name={words.theme} note={words.themeNote}>
              {theme === undefined ? (
                <Skeleton width={196} height={30} />
              ) : (
                <SegmentedControl
                  aria-label={words.theme}
                  data={THEMES.map((value) => ({ value, label: words.themes[value] }))}
                  value={theme}
                  onChange={choose}
                />
              )}
            </Setting>
            <Setting name={words.language} note={words.languageNote}>
              {shown === undefined ? (
                <Skeleton width={222} height={30} />
              ) : (
                <SegmentedControl
                  aria-label={words.language}
                  data={LANGUAGES.map((value) => ({ value, label: words.languages[value] }))}
                  value={shown.language}
                  onChange={(value) => change({ language: LANGUAGES.find((each) => each === value) ?? "system" })}
                />
              )}
            </Setting>
            <Setting name={words.backups} note={words.backupsNote}>
              {shown === undefined ? (
                <Skeleton width={120} height={30} />
              ) : (
                <NativeSelect
                  aria-label={words.backups}
                  value={shown.keepBackupsDays}
                  data={choices(shown.keepBackupsDays).map((days) => ({
                    value: String(days),
                    label: words.days(days),
                  }))}
                  onChange={(event) => change({ keepBackupsDays: Number(event.currentTarget.value) })}
                />
              )}
            </Setting>
          </div>
        )}
      </Section>
      <Desktop />
      <Health />
      <OwnProviders />
      <Section title={words.places}>
        <div className={classes.panel}>
          <Setting name={words.dataDir} note={words.dataDirNote}>
            <PathText path={status.dataDir} copies={words.dataPath} />
          </Setting>
          <Setting name={words.binary} note={words.binaryNote}>
            <PathText path={status.stableBinary} copies={words.stablePath} />
          </Setting>
          <Setting name={words.secrets} note={words.secretsNote}>
            {words.secretsPlace}
          </Setting>
        </div>
      </Section>
      <Section title={words.about}>
        <div className={classes.panel}>
          <Setting name={words.again} note={words.againNote}>
            <Button variant="default" onClick={onFirstSteps}>
              {words.againButton}
            </Button>
          </Setting>
          <Setting name={words.version}>
            <code className={classes.version}>{status.version}</code>
          </Setting>
        </div>
      </Section>
    </Page>
  );
}

const DAYS: readonly number[] = [1, 7, 30, 90, 365];

/** The usual choices, and the one that holds where it is another. */
const choices = (days: number) => [...new Set([...DAYS, days])].sort((a, b) => a - b);

interface SettingProps {
  name: string;
  note?: string;
  children: ReactNode;
}

function Setting({ name, note, children }: SettingProps) {
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
