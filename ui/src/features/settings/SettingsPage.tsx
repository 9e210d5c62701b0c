import type { QueryClient } from "@tanstack/react-query";
import { memo } from "react";
import { type AppStatusView, fetchView, type Theme } from "../../ipc";
import { Button } from "../../shared/controls";
import { Page, Section } from "../../shared/Page";
import { Desktop } from "./Desktop";
import { General } from "./General";
import { Health } from "./Health";
import { OwnProviders } from "./OwnProviders";
import { Places } from "./Places";
import { RemoveAll } from "./RemoveAll";
import { Setting } from "./Setting";
import classes from "./SettingsPage.module.css";
import { LOOK } from "./tones";
import { settingsWords as words } from "./words";

/** Asks for what the page shows before it is opened. */
export function askAhead(client: QueryClient): Promise<void>[] {
  return [
    fetchView(client, "settings_get", {}),
    fetchView(client, "desktop_get", {}),
    fetchView(client, "providers_own", {}),
    fetchView(client, "places_list", {}),
    fetchView(client, "doctor_run", LOOK),
  ];
}

interface SettingsPageProps {
  status: AppStatusView;
  /** Shows a theme at once, before it is stored. */
  onTheme: (theme: Theme) => void;
  onFirstSteps: () => void;
}

/** What the person chooses, whether all is well, where things are, and the way out. */
export const SettingsPage = memo(function SettingsPage({ status, onTheme, onFirstSteps }: SettingsPageProps) {
  return (
    <Page title={words.title}>
      <General onTheme={onTheme} />
      <Desktop />
      <Health />
      <OwnProviders />
      <Places />
      <Section title={words.about} below>
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
      <RemoveAll />
    </Page>
  );
});
