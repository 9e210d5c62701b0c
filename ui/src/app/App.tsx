import { useMantineColorScheme } from "@mantine/core";
import { lazy, Suspense, useEffect, useEffectEvent, useState } from "react";
import { type AppStatusView, type Theme, useView } from "../ipc";
import { ProblemAlert } from "../shared/ProblemAlert";
import { markReady } from "../shared/ready";
import { useSteady } from "../shared/useSteady";
import classes from "./App.module.css";
import { goTo, useRoute } from "./router";
import { Shell } from "./Shell";
import { useFocusKept } from "./useFocusKept";
import { useLive } from "./useLive";
import { useStoredLanguage } from "./useStoredLanguage";
import { appWords as words } from "./words";

const FirstRunPage = lazy(() =>
  import("../features/first-run/FirstRunPage").then((module) => ({ default: module.FirstRunPage })),
);

/** What a first run is for; none where the person is signed in already. */
type Start = { onlySignIn: boolean } | "no";

interface AppProps {
  /** Pages are made ready before they are opened: for who has the whole window, and looks at one of them at a time. */
  prepares?: boolean;
}

/** First run, or the frame with a page in it. */
export function App({ prepares = false }: AppProps) {
  const status = useView("app_status", {});
  const showTheme = useStoredTheme();
  const language = useStoredLanguage();
  useFocusKept();
  useLive();
  const route = useRoute();
  const { data, error } = status;
  // Decided once, when the first status comes in: signing in on the way must not close the first run.
  const [started, setStarted] = useState<Start | null>(() => (data === undefined ? null : startOf(data)));
  if (started === null && data !== undefined) setStarted(startOf(data));
  const signIn = useSteady(() => {
    setStarted({ onlySignIn: true });
    goTo("welcome");
  });
  const firstSteps = useSteady(() => {
    setStarted("no");
    goTo("welcome");
  });
  // On the way to the first steps; whoever leaves them goes where they want.
  const [led, setLed] = useState(false);
  const leads = started !== null && started !== "no" && !led;
  useEffect(() => {
    if (!leads) return;
    setLed(true);
    goTo("welcome");
  }, [leads]);
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
      <Suspense fallback={null}>
        <FirstRunPage
          key={language}
          status={data}
          onlySignIn={onlySignIn}
          onDone={() => {
            setStarted("no");
            goTo("keys");
          }}
        />
      </Suspense>
    );
  }
  if (leads) return null;
  return (
    <Shell
      key={language}
      status={data}
      checking={status.isFetching}
      onCheck={() => void status.refetch()}
      onTheme={showTheme}
      onSignIn={signIn}
      onFirstSteps={firstSteps}
      page={route}
      prepares={prepares}
    />
  );
}

function startOf({ workspace, firstRun }: AppStatusView): Start {
  return workspace?.signedIn ? "no" : { onlySignIn: !firstRun };
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
  return useSteady(show);
}
