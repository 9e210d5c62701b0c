import type { Icon } from "@tabler/icons-react";
import {
  IconBuilding,
  IconCheck,
  IconClipboard,
  IconCopy,
  IconExternalLink,
  IconHistory,
  IconKey,
  IconKeyboard,
  IconLanguage,
  IconLock,
  IconLogin2,
  IconMoon,
  IconPlayerPlay,
  IconPlugConnected,
  IconPlus,
  IconRefresh,
  IconSettings,
  IconSun,
  IconSunMoon,
} from "@tabler/icons-react";
import { offersOf } from "../../features/keys/offers";
import type { AppStatusView, ClientView, KeyView, ProviderView, SettingsView, Theme, WorkspaceView } from "../../ipc";
import { send } from "../../shared/errands";
import type { Capability } from "../../shared/useProvider";
import { goTo, PAGES, type PageName } from "../router";
import { ACTION_KEYS, PAGE_KEYS } from "../shortcuts";
import { appWords } from "../words";
import { paletteWords as words } from "./words";

export type Group = "recent" | "actions" | "pages" | "keys" | "clients" | "workspaces" | "window";

/** One thing that the palette can do. */
export interface Line {
  id: string;
  group: Group;
  label: string;
  icon: Icon;
  hint?: string;
  /** Found by these words, too; not shown. */
  also?: string;
  keys?: string;
  /** Stays open: it asks something further. */
  asks?: boolean;
  run: () => void;
  /** What Ctrl and Enter do. */
  copy?: () => void;
}

/** What lines are made of. Lists are empty before they are known. */
export interface Known {
  status: AppStatusView;
  settings: SettingsView | undefined;
  clients: readonly ClientView[];
  workspaces: readonly WorkspaceView[];
  provider: ProviderView | null;
}

/** What lines do beyond going somewhere. */
export interface Deeds {
  askForCopy: () => void;
  tryLocal: () => void;
  openDashboard: (workspace: string) => void;
  useWorkspace: (workspace: WorkspaceView) => void;
  setTheme: (theme: Theme) => void;
  setLanguage: (language: SettingsView["language"]) => void;
  lookAtKeychain: () => void;
  showShortcuts: () => void;
  signIn: () => void;
  firstSteps: () => void;
  copyKey: (key: KeyView) => void;
}

const PAGE_ICONS: Record<PageName, Icon> = {
  keys: IconKey,
  connect: IconPlugConnected,
  rotations: IconRefresh,
  activity: IconHistory,
  settings: IconSettings,
};
const THEME_ICONS: Record<Theme, Icon> = { system: IconSunMoon, light: IconSun, dark: IconMoon };
const LOCAL = "local";
/** What is seldom wanted stands last. */
const WINDOW = { group: "window" } as const;

export function pageLines(): Line[] {
  return PAGES.map((page) => ({
    id: `page:${page}`,
    group: "pages",
    label: words.goTo(appWords[page]),
    icon: PAGE_ICONS[page],
    keys: PAGE_KEYS[page],
    run: () => goTo(page),
  }));
}

export function actionLines({ status, settings, workspaces, provider }: Known, deeds: Deeds): Line[] {
  const { workspace, keychain } = status;
  const action = (id: string, icon: Icon, label: string, run: () => void, more: Partial<Line> = {}): Line => ({
    id: `do:${id}`,
    group: "actions",
    label,
    icon,
    run,
    ...more,
  });
  const onKeys = (does: "new-key" | "paste-key" | "search-keys" | "rotate-all") => () => {
    goTo("keys");
    send({ does });
  };
  const lines: Line[] = [];
  if (keychain !== "unlocked") {
    lines.push(action("unlock", IconLock, words.keychain[keychain], deeds.lookAtKeychain));
  }
  if (workspace?.signedIn) {
    if (provider?.capabilities.includes("create")) {
      lines.push(action("new-key", IconPlus, words.newKey, onKeys("new-key"), { keys: ACTION_KEYS.newKey }));
    }
    lines.push(
      action("paste-key", IconClipboard, words.pasteKey, onKeys("paste-key"), { keys: ACTION_KEYS.pasteKey }),
      action("copy-key", IconCopy, words.copyKey, deeds.askForCopy, { asks: true }),
      action("search", IconKey, words.search, onKeys("search-keys"), { keys: ACTION_KEYS.search }),
    );
    const can = (capability: Capability) => provider?.capabilities.includes(capability) ?? false;
    if (offersOf({ provider, can }).rotate) {
      lines.push(action("rotate-all", IconRefresh, words.rotateAll, onKeys("rotate-all")));
    }
    if (provider?.dashboard != null) {
      lines.push(
        action("dashboard", IconExternalLink, words.dashboard(workspace.name), () => deeds.openDashboard(workspace.id)),
      );
    }
  } else {
    lines.push(action("sign-in", IconLogin2, appWords.signIn, deeds.signIn));
  }
  if (!workspaces.some((each) => each.provider === LOCAL && each.signedIn)) {
    lines.push(action("local", IconPlayerPlay, words.tryLocal, deeds.tryLocal));
  }
  lines.push(action("add-workspace", IconPlus, appWords.add, () => send({ does: "add-workspace" })));
  for (const theme of THEMES) {
    if (settings !== undefined && settings.theme !== theme) {
      lines.push(action(`theme:${theme}`, THEME_ICONS[theme], words.theme[theme], () => deeds.setTheme(theme), WINDOW));
    }
  }
  for (const language of LANGUAGES) {
    if (settings !== undefined && settings.language !== language) {
      lines.push(
        action(`language:${language}`, IconLanguage, words.language[language], () => deeds.setLanguage(language), {
          ...WINDOW,
          also: "Language Sprache",
        }),
      );
    }
  }
  if (keychain === "unlocked") {
    lines.push(action("keychain", IconLock, words.keychain.unlocked, deeds.lookAtKeychain, WINDOW));
  }
  lines.push(
    action("shortcuts", IconKeyboard, words.shortcuts, deeds.showShortcuts, { ...WINDOW, keys: ACTION_KEYS.shortcuts }),
    action("first-steps", IconCheck, words.firstSteps, deeds.firstSteps, WINDOW),
  );
  return lines;
}

const THEMES: readonly Theme[] = ["light", "dark", "system"];
const LANGUAGES = ["en", "de"] as const;

export function clientLines(clients: readonly ClientView[]): Line[] {
  return clients
    .filter((client) => client.targets.length > 0 && (client.found || client.connections.length > 0))
    .map((client) => {
      const connected = client.connections.length > 0;
      return {
        id: `client:${client.id}`,
        group: "clients",
        label: connected ? words.manage(client.name) : words.connect(client.name),
        icon: IconPlugConnected,
        run: () => {
          goTo("connect");
          send({ does: connected ? "manage" : "connect", client: client.id });
        },
      };
    });
}

export function workspaceLines(workspaces: readonly WorkspaceView[], deeds: Deeds): Line[] {
  return workspaces
    .filter(({ current }) => !current)
    .map((workspace) => ({
      id: `workspace:${workspace.id}`,
      group: "workspaces",
      label: words.switchTo(workspace.name),
      hint: workspace.login,
      icon: IconBuilding,
      run: () => deeds.useWorkspace(workspace),
    }));
}

/** Keys; asked which to copy, Enter copies, and only those that are here can be chosen. */
export function keyLines(keys: readonly KeyView[], copying: boolean, deeds: Deeds): Line[] {
  return keys
    .filter(({ stowed }) => stowed || !copying)
    .map((key) => {
      const copy = () => deeds.copyKey(key);
      return {
        id: `key:${key.id}`,
        group: "keys",
        label: key.name,
        hint: key.masked,
        icon: copying ? IconCopy : IconKey,
        run: copying
          ? copy
          : () => {
              goTo("keys");
              send({ does: "show-key", key });
            },
        ...(key.stowed && !copying ? { copy } : {}),
      };
    });
}
