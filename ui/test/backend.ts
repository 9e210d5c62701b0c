import type { Command, RequestOf, ViewOf } from "../src/ipc";
import * as fixtures from "./fixtures";
import * as remote from "./providers";
import * as settings from "./settings";

type Answer<K extends Command> = (request: RequestOf<K>) => ViewOf<K> | Promise<ViewOf<K>>;

/** What the native side answers, command by command. */
export type Answers = { [K in Command]: Answer<K> };

/** A native side in which all is well and everything has something to show. */
export function answers(overrides: Partial<Answers> = {}): Answers {
  return {
    app_status: () => fixtures.status,
    app_unlock: () => fixtures.status,
    settings_get: () => settings.settings,
    settings_set: (wanted) => wanted,
    desktop_get: () => ({ launchAtLogin: false, stayInTray: false }),
    desktop_set: (desktop) => desktop,
    providers_list: () => remote.providers,
    providers_own: () => ({ directory: "~/.config/keystow/providers", broken: [] }),
    providers_add_custom: ({ name }) => remote.provider({ id: "mine", name, ownFile: "mine.toml" }),
    workspaces_list: () => [fixtures.workspace],
    workspaces_use: () => fixtures.workspace,
    workspaces_add: () => remote.aidellyWorkspace,
    workspaces_set: ({ name }) => ({ ...fixtures.workspace, name: name ?? fixtures.workspace.name }),
    workspaces_remove: () => ({}),
    workspaces_organizations: () => [],
    workspaces_use_organization: () => fixtures.workspace,
    workspaces_open_dashboard: () => ({}),
    sessions_sign_in: () => ({ state: "done", attempt: null, url: null, device: null, workspace: fixtures.workspace }),
    sessions_wait: () => never(),
    sessions_open: () => ({}),
    sessions_code: () => ({ state: "done", attempt: null, url: null, device: null, workspace: fixtures.workspace }),
    sessions_cancel: () => ({}),
    sessions_sign_out: () => ({}),
    servers_list: () => remote.servers,
    servers_sign_in: () => ({ state: "done", attempt: null, url: null, device: null, workspace: null }),
    servers_sign_out: () => ({}),
    keys_list: ({ search, page, limit, order }) => {
      const matching = fixtures.keys.filter(({ name }) => name.toLowerCase().includes((search ?? "").toLowerCase()));
      if (order?.by === "name") {
        matching.sort((a, b) => a.name.localeCompare(b.name) * (order.descending ? -1 : 1));
      }
      return { keys: matching, total: matching.length, page: page ?? 1, limit: limit ?? 50, budget: null, stale: null };
    },
    keys_show: ({ key }) => keyNamed(key),
    keys_create: ({ name }) => fixtures.key({ id: "k_new1", name }),
    keys_rename: ({ key, name }) => ({ ...keyNamed(key), name }),
    keys_update: ({ key, scopes }) => ({ ...keyNamed(key), ...(scopes === null ? {} : { scopes }) }),
    keys_paste: ({ key, name }) =>
      key === null ? fixtures.key({ id: "k_new2", name: name ?? "Pasted" }) : { ...keyNamed(key), stowed: true },
    keys_replace: ({ key }) => ({ ...keyNamed(key), id: "k_new3", stowed: true }),
    keys_usage: () => remote.usage,
    keys_hygiene: () => remote.hygiene,
    keys_trail: () => remote.trail,
    keys_pause: ({ key }) => ({ ...keyNamed(key), state: "paused" }),
    keys_resume: ({ key }) => ({ ...keyNamed(key), state: "enabled" }),
    keys_copy: ({ key }) => ({ name: keyNamed(key).name, clearsAfterS: 30 }),
    keys_delete: () => ({}),
    keys_revoke_other: () => ({}),
    keys_revoke: ({ key }) =>
      fixtures.rotation({ oldKey: key, emergency: true, stage: "retired", endedAt: fixtures.ago(0) }),
    rotations_start: ({ key, grace }) => fixtures.rotation({ oldKey: key, grace }),
    rotations_plan_all: () => remote.rotateAll,
    rotations_start_all: () => fixtures.rotations,
    rotations_list: () => fixtures.rotations,
    rotations_advance: () => fixtures.rotation({}),
    rotations_paste: () => fixtures.rotation({}),
    rotations_retire: () => fixtures.rotation({ stage: "retired", endedAt: fixtures.ago(0) }),
    rotations_cancel: () => fixtures.rotation({ stage: "cancelled", endedAt: fixtures.ago(0) }),
    clients_list: () => fixtures.mixedClients,
    clients_own: () => ({ directory: "~/.config/keystow/clients", files: [] }),
    clients_running: ({ client }) => ({ client, name: client, running: true, known: true }),
    clients_links: () => fixtures.links,
    clients_copy_link: () => ({ name: "Cursor on mira", clearsAfterS: 30 }),
    clients_open_link: () => ({}),
    links_take: () => ({ link: null, refused: null }),
    connections_drift: () => fixtures.drift,
    connections_plan_repair: () => ({ ...fixtures.plan, files: [fixtures.cursorFile], createsKeys: [], writes: 1 }),
    changes_preview: () => ({
      change: fixtures.changes[0] ?? fail("no change among the fixtures"),
      files: [fixtures.cursorFile],
    }),
    connections_plan: ({ clients }) => {
      const files = fixtures.plan.files.filter(({ client }) => clients.includes(client));
      return {
        ...fixtures.plan,
        files,
        createsKeys: files.map(({ clientName }) => `${clientName} on mira`),
        writes: files.length,
      };
    },
    connections_plan_removal: () => ({
      ...fixtures.plan,
      files: [
        {
          ...fixtures.cursorFile,
          diff: fixtures.cursorFile.diff.map((line) =>
            line.kind === "added"
              ? { ...line, kind: "removed" as const, before: line.after, after: null }
              : line.kind === "removed"
                ? { ...line, kind: "added" as const, before: null, after: line.before }
                : line,
          ),
        },
      ],
      createsKeys: [],
      writes: 1,
    }),
    connections_apply: () => ({
      change: "ch_9",
      connected: [fixtures.claudeConnection, fixtures.cursorConnection, fixtures.vscodeConnection],
      disconnected: [],
    }),
    connections_list: () => [fixtures.cursorConnection],
    connections_probe: ({ connection }) => ({ connection, tools: fixtures.TOOLS, tookMs: 214, problem: null }),
    changes_list: () => fixtures.changes,
    changes_undo: () => ({
      id: "ch_9",
      title: "Connected Cursor",
      at: Date.now(),
      files: ["~/.cursor/mcp.json"],
      undone: true,
      canUndo: false,
    }),
    activity_list: ({ before }) => (before === null ? fixtures.activity : []),
    activity_export: () => ({ path: "~/Downloads/keystow-activity.jsonl", lines: 12 }),
    app_quit: () => ({}),
    places_list: () => settings.places,
    places_open: () => ({}),
    removal_preview: () => settings.removal,
    removal_apply: () => ({
      complete: true,
      steps: [{ id: "entry", title: "Cursor: ~/.cursor/mcp.json", state: "done", problem: null }],
      kept: [],
    }),
    doctor_run: ({ fix }) => (fix ? fixtures.fineChecks : fixtures.ailingChecks),
    ...overrides,
  };
}

/** An answer that does not come: what is under way stays so. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}

function fail(text: string): never {
  throw new Error(text);
}

function keyNamed(id: string) {
  const found = fixtures.keys.find((key) => key.id === id);
  if (found === undefined) throw new Error(`no key ${id} among the fixtures`);
  return found;
}
