import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { FirstRunPage } from "../features/first-run/FirstRunPage";
import { type Theme, useView } from "../ipc";
import { ProblemAlert } from "../shared/ProblemAlert";
import { markReady } from "../shared/ready";
import classes from "./App.module.css";
import { goTo, useRoute } from "./router";
import { Shell } from "./Shell";
import { useFocusKept } from "./useFocusKept";
import { useLive } from "./useLive";
import { useStoredLanguage } from "./useStoredLanguage";
import { appWords as words } from "./words";

/** First run, or the frame with a page in it. */
export function App() {
  const status = useView("app_status", {});
  const showTheme = useStoredTheme();
  const language = useStoredLanguage();
  useFocusKept();
  useLive();
  const route = useRoute();
  // Decided once, when the first status comes in: signing in on the way must not close the first run.
  const [started, setStarted] = useState<{ onlySignIn: boolean } | "no" | null>(null);

  const { data, error } = status;
  useEffect(() => {
    if (started !== null || data === undefined) return;
    const signedIn = data.workspace?.signedIn ?? false;
    setStarted(signedIn ? "no" : { onlySignIn: !data.firstRun });
    if (!signedIn) goTo("welcome");
  }, [started, data]);
  useEffect(() => {
    if (error !== null) markReady();
  }, [error]);

  if (data === undefined || language === null) {
    return error === null || language === null ? (
      <output className={classes.blank} aria-label={words.starting} />
    ) : (
      <main className={classes.centre}>
        <ProblemAlert
          problem={{ ...error, retry: true }}
          onRetry={() => void status.refetch()}
          retrying={status.isFetching}
        />
      </main>
    );
  }
  if (started === null) return null;
  if (route === "welcome") {
    const onlySignIn = started !== "no" && started.onlySignIn;
    return (
      <FirstRunPage
        key={language}
        status={data}
        onlySignIn={onlySignIn}
        onDone={() => {
          setStarted("no");
          goTo("keys");
        }}
      />
    );
  }
  return (
    <Shell
      key={language}
      status={data}
      checking={status.isFetching}
      onCheck={() => void status.refetch()}
      onTheme={showTheme}
      onSignIn={() => {
        setStarted({ onlySignIn: true });
        goTo("welcome");
      }}
      onFirstSteps={() => {
        setStarted("no");
        goTo("welcome");
      }}
      page={route}
    />
  );
}

/** Shows the stored theme; the returned function shows another one at once. */
function useStoredTheme(): (theme: Theme) => void {
  const { setColorScheme } = useMantineColorScheme();
  const settings = useView("settings_get", {});
  const show = (theme: Theme) => setColorScheme(theme === "system" ? "auto" : theme);
  // Only what is stored anew: a theme chosen just now must not be taken back before it is stored.
  const showStored = useEffectEvent(show);
  const stored = settings.data?.theme;
  useEffect(() => {
    if (stored !== undefined) showStored(stored);
  }, [stored]);
  return show;
}
