import { type SettingsView, type Theme, useAction } from "../../ipc";
import { toast, toastProblem } from "../../shared/toast";
import { goTo } from "../router";
import { appWords } from "../words";
import type { Deeds, Known } from "./lines";
import { paletteWords as words } from "./words";

/** What the frame does for the palette. */
export interface FrameDeeds {
  onTheme: (theme: Theme) => void;
  onCheck: () => void;
  onSignIn: () => void;
  onFirstSteps: () => void;
  onShortcuts: () => void;
}

/** What lines of the palette do. Answers come after it has closed, so all that follows hangs on promises. */
export function useDeeds({ status, settings }: Known, frame: FrameDeeds, askForCopy: () => void): Deeds {
  const copy = useAction("keys_copy");
  const use = useAction("workspaces_use");
  const signIn = useAction("sessions_sign_in");
  const openDashboard = useAction("workspaces_open_dashboard");
  const store = useAction("settings_set");
  const unlock = useAction("app_unlock");
  const change = (wanted: Partial<SettingsView>) => {
    if (settings !== undefined) store.mutateAsync({ ...settings, ...wanted }).catch(toastProblem);
  };
  return {
    askForCopy,
    tryLocal: () => {
      signIn
        .mutateAsync({ provider: "local", method: null, url: null, login: null, fromClipboard: false })
        .then(({ workspace }) => {
          if (workspace !== null) toast({ text: appWords.added(workspace.name) });
          goTo("keys");
        }, toastProblem);
    },
    openDashboard: (workspace) => {
      openDashboard.mutateAsync({ workspace }).catch(toastProblem);
    },
    useWorkspace: (workspace) => {
      use
        .mutateAsync({ workspace: workspace.id })
        .then(() => toast({ text: appWords.switched(workspace.name) }), toastProblem);
    },
    setTheme: (theme) => {
      frame.onTheme(theme);
      change({ theme });
    },
    setLanguage: (language) => change({ language }),
    lookAtKeychain: () => {
      if (status.keychain === "locked") unlock.mutateAsync({}).catch(toastProblem).finally(frame.onCheck);
      else {
        frame.onCheck();
        const { problem } = status;
        toast({ text: problem === null ? words.keychainHelp : `${problem.title}. ${problem.hint ?? problem.detail}` });
      }
    },
    showShortcuts: frame.onShortcuts,
    signIn: frame.onSignIn,
    firstSteps: frame.onFirstSteps,
    copyKey: (key) => {
      copy
        .mutateAsync({ key: key.id })
        .then(({ name, clearsAfterS }) => toast({ text: words.copied(name, clearsAfterS) }), toastProblem);
    },
  };
}
