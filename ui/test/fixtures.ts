import type {
  ActivityView,
  AppStatusView,
  ChangeView,
  CheckView,
  ClientView,
  ConnectionView,
  DriftView,
  FilePlanView,
  KeyView,
  LinksView,
  PlanView,
  ProblemView,
  RotationView,
  WorkspaceView,
} from "../src/ipc";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const ago = (ms: number): number => Date.now() - ms;

export const workspace: WorkspaceView = {
  id: "local",
  name: "Local workspace",
  provider: "local",
  login: "owner@keystow.local",
  url: "http://127.0.0.1:46113/",
  signedIn: true,
  current: true,
  organization: null,
  expiresAt: null,
  headers: [],
};

export const status: AppStatusView = {
  version: "0.1.0",
  keychain: "unlocked",
  problem: null,
  workspace,
  keys: 7,
  connections: 2,
  bridges: 0,
  unreachable: null,
  rotations: 1,
  firstRun: false,
  dataDir: "~/.local/share/keystow",
  stableBinary: "~/.local/share/keystow/bin/keystow",
};

export const locked: ProblemView = {
  code: "keychain.locked",
  title: "The keychain is locked",
  detail: "The login keychain is locked.",
  hint: "Unlock it, then try again. Nothing was written elsewhere.",
  retry: true,
};

export const unreachable: ProblemView = {
  code: "remote.unreachable",
  title: "The workspace cannot be reached",
  detail: "127.0.0.1:46113 refused the connection.",
  hint: "Check the connection and the address, then try again.",
  retry: true,
};

export const changedOnDisk: ProblemView = {
  code: "edit.changed_on_disk",
  title: "The file changed",
  detail: "~/.cursor/mcp.json was changed by another program since the preview.",
  hint: "Look at a new preview. Nothing was written.",
  retry: true,
};

export function key(overrides: Partial<KeyView> & Pick<KeyView, "id" | "name">): KeyView {
  return {
    workspace: "local",
    masked: `ksl_••••••••${overrides.id.slice(-4).padStart(4, "0")}`,
    state: "enabled",
    scopes: ["view:keys", "call:tools", "write:tools"],
    readOnly: false,
    preset: null,
    tools: [],
    createdAt: ago(9 * DAY_MS),
    expiresAt: ago(-81 * DAY_MS),
    retiresAt: null,
    lastUsedAt: ago(3 * MINUTE_MS),
    requests: 128,
    stowed: true,
    usedBy: [],
    mcpPermissions: [],
    projects: [],
    instances: [],
    reconnect: null,
    owner: null,
    budget: null,
    ...overrides,
  };
}

export const keys: KeyView[] = [
  key({
    id: "k_3f9c",
    name: "Cursor on mira",
    usedBy: [{ client: "cursor", name: "Cursor", connection: "c_cursor" }],
  }),
  key({
    id: "k_71aa",
    name: "Claude Desktop on mira",
    lastUsedAt: ago(2 * HOUR_MS),
    usedBy: [{ client: "claude-desktop", name: "Claude Desktop", connection: "c_claude" }],
  }),
  key({
    id: "k_b0d2",
    name: "Shared by editors",
    expiresAt: ago(-9 * DAY_MS),
    lastUsedAt: ago(26 * HOUR_MS),
    readOnly: true,
    preset: "read-only",
    usedBy: [
      { client: "cursor", name: "Cursor", connection: "c_1" },
      { client: "vscode", name: "VS Code", connection: "c_2" },
    ],
  }),
  key({ id: "k_09e1", name: "Nightly report", preset: "reporting", expiresAt: null, lastUsedAt: null }),
  key({ id: "k_55c0", name: "Old laptop", stowed: false, lastUsedAt: ago(48 * DAY_MS) }),
  key({ id: "k_aa17", name: "Experiments", state: "paused", scopes: ["call:tools"], lastUsedAt: ago(12 * DAY_MS) }),
  key({
    id: "k_ee04",
    name: "Workshop in October",
    state: "expired",
    expiresAt: ago(21 * DAY_MS),
    lastUsedAt: ago(22 * DAY_MS),
  }),
];

export function connection(overrides: Partial<ConnectionView>): ConnectionView {
  return {
    id: "c_cursor",
    client: "cursor",
    clientName: "Cursor",
    server: "local/tools",
    name: "keystow",
    path: "~/.cursor/mcp.json",
    target: "user",
    mode: "bridge",
    key: "k_3f9c",
    keyName: "Cursor on mira",
    workspace: "local",
    entry: "fine",
    problem: null,
    createdAt: ago(3 * DAY_MS),
    ...overrides,
  };
}

export const cursorConnection = connection({});
export const vscodeConnection = connection({
  id: "c_vscode",
  client: "vscode",
  clientName: "VS Code",
  path: "~/.config/Code/User/mcp.json",
  key: "k_7788",
  keyName: "VS Code on mira",
});
export const claudeConnection = connection({
  id: "c_claude",
  client: "claude-desktop",
  clientName: "Claude Desktop",
  path: "~/.config/Claude/claude_desktop_config.json",
  key: "k_71aa",
  keyName: "Claude Desktop on mira",
});

export const claude: ClientView = {
  id: "claude-desktop",
  name: "Claude Desktop",
  found: true,
  detectedBy: "~/.config/Claude",
  checked: "unverified",
  checkedOn: "2026-11-20",
  checkedVersion: null,
  own: false,
  source: "https://example.com/docs",
  note: null,
  links: false,
  reload: "restart",
  targets: [
    {
      id: "user",
      title: null,
      path: "~/.config/Claude/claude_desktop_config.json",
      needsProject: false,
      modes: ["bridge", "exec"],
      syntax: "json",
      exists: true,
      checked: "documentation",
      checkedOn: "2026-11-20",
      checkedVersion: null,
      helperSince: null,
    },
  ],
  connections: [],
};

export const cursor: ClientView = {
  id: "cursor",
  name: "Cursor",
  found: true,
  detectedBy: "~/.cursor",
  checked: "documentation",
  checkedOn: "2026-11-20",
  checkedVersion: null,
  own: false,
  source: "https://example.com/docs",
  note: null,
  links: false,
  reload: "window",
  targets: [
    {
      id: "user",
      title: null,
      path: "~/.cursor/mcp.json",
      needsProject: false,
      modes: ["bridge", "exec"],
      syntax: "jsonc",
      exists: true,
      checked: "documentation",
      checkedOn: "2026-11-20",
      checkedVersion: null,
      helperSince: null,
    },
  ],
  connections: [],
};

export const vscode: ClientView = {
  id: "vscode",
  name: "VS Code",
  found: true,
  detectedBy: "~/.config/Code",
  checked: "documentation",
  checkedOn: "2026-11-20",
  checkedVersion: null,
  own: false,
  source: "https://example.com/docs",
  note: null,
  links: false,
  reload: "live",
  targets: [
    {
      id: "user",
      title: null,
      path: "~/.config/Code/User/mcp.json",
      needsProject: false,
      modes: ["bridge", "exec"],
      syntax: "jsonc",
      exists: true,
      checked: "documentation",
      checkedOn: "2026-11-20",
      checkedVersion: null,
      helperSince: null,
    },
  ],
  connections: [],
};

export const zed: ClientView = {
  id: "zed",
  name: "Zed",
  found: false,
  detectedBy: "~/.config/zed or the program zed",
  checked: "documentation",
  checkedOn: "2026-11-20",
  checkedVersion: null,
  own: false,
  source: "https://example.com/docs",
  note: null,
  links: false,
  reload: "live",
  targets: [
    {
      id: "user",
      title: null,
      path: "~/.config/zed/settings.json",
      needsProject: false,
      modes: ["bridge", "exec"],
      syntax: "jsonc",
      exists: false,
      checked: "documentation",
      checkedOn: "2026-11-20",
      checkedVersion: null,
      helperSince: null,
    },
  ],
  connections: [],
};

export const chatgpt: ClientView = {
  ...zed,
  id: "chatgpt",
  name: "ChatGPT",
  detectedBy: "",
  note: "Its cloud calls the server, so a server on this computer cannot be reached.",
  links: true,
  targets: [],
};

export const links: LinksView = {
  connection: "c_link",
  links: [
    {
      kind: "deep_link",
      title: "Add to Cursor",
      text: "cursor://anysphere.cursor-deeplink/mcp/install?name=keystow&config=eyJ9",
      exposesKey: false,
      opens: true,
    },
    {
      kind: "command",
      title: "On a command line",
      text: "claude mcp add -s user keystow -- keystow bridge c_link",
      exposesKey: false,
      opens: false,
    },
  ],
  warnings: [],
};

export const drift: DriftView = {
  connection: connection({ entry: "changed" }),
  base: '{ "command": "/home/mira/.local/share/keystow/bin/keystow", "args": ["bridge", "c_cursor"] }',
  theirs: '{ "command": "/usr/local/bin/keystow", "args": ["bridge", "c_cursor"] }',
  ours: '{ "command": "/home/mira/.local/share/keystow/bin/keystow", "args": ["bridge", "c_cursor"] }',
  byHand: [
    { kind: "removed", before: 2, after: null, text: '  "command": "/home/mira/.local/share/keystow/bin/keystow",' },
    { kind: "added", before: null, after: 2, text: '  "command": "/usr/local/bin/keystow",' },
  ],
  outOfDate: [],
  adoptProblem: null,
};

export const freshClients: ClientView[] = [claude, cursor, vscode, zed];
export const mixedClients: ClientView[] = [
  claude,
  { ...cursor, connections: [cursorConnection] },
  { ...vscode, connections: [{ ...vscodeConnection, entry: "changed" }] },
  zed,
];

export const cursorFile: FilePlanView = {
  client: "cursor",
  clientName: "Cursor",
  path: "~/.cursor/mcp.json",
  action: "change",
  warnings: [],
  problem: null,
  diff: [
    { kind: "gap", before: null, after: null, text: "@@ -3,9 +3,13 @@" },
    { kind: "context", before: 3, after: 3, text: '    "linear": {' },
    { kind: "context", before: 4, after: 4, text: '      "command": "npx",' },
    { kind: "context", before: 5, after: 5, text: '      "env": { "LINEAR_API_KEY": "‹redacted›" }' },
    { kind: "removed", before: 6, after: null, text: "    }" },
    { kind: "added", before: null, after: 6, text: "    }," },
    { kind: "added", before: null, after: 7, text: '    "keystow": {' },
    {
      kind: "added",
      before: null,
      after: 8,
      text: '      "command": "/home/mira/.local/share/keystow/bin/keystow",',
    },
    { kind: "added", before: null, after: 9, text: '      "args": ["bridge", "c_cursor"]' },
    { kind: "added", before: null, after: 10, text: "    }" },
    { kind: "context", before: 7, after: 11, text: "  }" },
    { kind: "context", before: 8, after: 12, text: "}" },
  ],
};

export const vscodeFile: FilePlanView = {
  client: "vscode",
  clientName: "VS Code",
  path: "~/.config/Code/User/mcp.json",
  action: "create",
  warnings: [],
  problem: null,
  diff: [
    { kind: "added", before: null, after: 1, text: "{" },
    { kind: "added", before: null, after: 2, text: '  "servers": {' },
    { kind: "added", before: null, after: 3, text: '    "keystow": {' },
    { kind: "added", before: null, after: 4, text: '      "type": "stdio",' },
    {
      kind: "added",
      before: null,
      after: 5,
      text: '      "command": "/home/mira/.local/share/keystow/bin/keystow",',
    },
    { kind: "added", before: null, after: 6, text: '      "args": ["bridge", "c_vscode"]' },
    { kind: "added", before: null, after: 7, text: "    }" },
    { kind: "added", before: null, after: 8, text: "  }" },
    { kind: "added", before: null, after: 9, text: "}" },
  ],
};

export const claudeFile: FilePlanView = {
  ...vscodeFile,
  client: "claude-desktop",
  clientName: "Claude Desktop",
  path: "~/.config/Claude/claude_desktop_config.json",
  action: "change",
  warnings: [
    {
      code: "plan.client_running",
      severity: "caution",
      text: "Claude Desktop is running and would overwrite this change. Quit it, then write.",
    },
  ],
};

export const brokenFile: FilePlanView = {
  ...cursorFile,
  diff: [],
  problem: {
    code: "edit.syntax",
    title: "The file was left as it is",
    detail: "~/.cursor/mcp.json, line 7, column 3: a comma is missing before this property.",
    hint: "Mend it there, or ask its client to, then try again. Nothing was written.",
    retry: true,
  },
};

export const plan: PlanView = {
  id: "p_1",
  files: [claudeFile, cursorFile, vscodeFile],
  createsKeys: ["Claude Desktop on mira", "Cursor on mira", "VS Code on mira"],
  writes: 3,
};

export const TOOLS = ["whoami", "list_keys", "usage", "echo", "stream", "slow"];

export const changes: ChangeView[] = [
  {
    id: "ch_3",
    title: "Connected Cursor, VS Code",
    at: ago(4 * MINUTE_MS),
    files: ["~/.cursor/mcp.json", "~/.config/Code/User/mcp.json"],
    undone: false,
    canUndo: true,
  },
  {
    id: "ch_2",
    title: "Disconnected Claude Desktop",
    at: ago(5 * HOUR_MS),
    files: ["~/.config/Claude/claude_desktop_config.json"],
    undone: true,
    canUndo: false,
  },
  {
    id: "ch_1",
    title: "Connected Claude Desktop",
    at: ago(41 * DAY_MS),
    files: ["~/.config/Claude/claude_desktop_config.json"],
    undone: false,
    canUndo: false,
  },
];

export const activity: ActivityView[] = [
  { seq: 9, at: ago(4 * MINUTE_MS), kind: "connection.written", text: "Connected Cursor, VS Code." },
  { seq: 8, at: ago(4 * MINUTE_MS), kind: "key.created", text: "Created key VS Code on mira in Local workspace." },
  { seq: 7, at: ago(5 * MINUTE_MS), kind: "key.created", text: "Created key Cursor on mira in Local workspace." },
  { seq: 6, at: ago(12 * MINUTE_MS), kind: "key.copied", text: "Copied key Nightly report." },
  { seq: 5, at: ago(29 * HOUR_MS), kind: "change.undone", text: "Undone: Disconnected Claude Desktop." },
  { seq: 4, at: ago(30 * HOUR_MS), kind: "key.revoked", text: "Revoked key Demo." },
  { seq: 3, at: ago(41 * DAY_MS), kind: "connection.written", text: "Connected Claude Desktop." },
  { seq: 2, at: ago(41 * DAY_MS), kind: "doctor.repaired", text: "Looked for and repaired what was broken." },
  { seq: 1, at: ago(41 * DAY_MS), kind: "session.signed_in", text: "Signed in to Local workspace." },
];

export const fineChecks: CheckView[] = [
  { id: "keychain", title: "Keychain", state: "ok", detail: "Unlocked.", hint: null },
  { id: "journal", title: "Journal", state: "ok", detail: "No change is half done.", hint: null },
  {
    id: "stable_path",
    title: "Stable path",
    state: "ok",
    detail: "~/.local/share/keystow/bin/keystow is up to date.",
    hint: null,
  },
  {
    id: "workspace/local",
    title: "Local workspace",
    state: "ok",
    detail: "Reachable; signed in as owner@keystow.local.",
    hint: null,
  },
];

export const ailingChecks: CheckView[] = [
  ...fineChecks.slice(0, 2),
  {
    id: "stable_path",
    title: "Stable path",
    state: "failed",
    detail: "~/.local/share/keystow/bin/keystow is missing; connected clients cannot start it.",
    hint: "`keystow doctor --fix` installs it.",
  },
  {
    id: "connection/c_vscode",
    title: "VS Code → keystow",
    state: "warning",
    detail: "The entry in ~/.config/Code/User/mcp.json was changed by hand.",
    hint: "`keystow connect vscode --replace` writes it anew.",
  },
];

/** A rotation whose clients go over. */
export function rotation(more: Partial<RotationView>): RotationView {
  return {
    id: "r-x7k2m9qa",
    name: "Cursor on mira",
    workspace: "local",
    workspaceName: "Local workspace",
    oldKey: "k_1",
    oldMasked: "ksl_••••••••3f9c",
    newKey: "k_9",
    newMasked: "ksl_••••••••77aa",
    stage: "switched",
    grace: "now",
    emergency: false,
    revoked: false,
    begunAt: ago(60_000),
    switchedAt: ago(59_000),
    retiresAt: ago(59_000),
    endedAt: null,
    cancelable: true,
    clients: [
      {
        connection: "c-1",
        client: "cursor",
        name: "Cursor",
        mode: "bridge",
        state: "on_it",
        live: 1,
        acceptedAt: ago(2000),
      },
      {
        connection: "c-2",
        client: "claude-desktop",
        name: "Claude Desktop",
        mode: "bridge",
        state: "waiting",
        live: 1,
        acceptedAt: null,
      },
    ],
    waitsFor: "Waits for the next call of Claude Desktop.",
    steps: [],
    dashboard: null,
    wantsKey: false,
    problem: null,
    failed: null,
    ...more,
  };
}

export const rotations: RotationView[] = [
  rotation({}),
  rotation({ id: "r-2", name: "Laptop", stage: "retired", clients: [], waitsFor: null, endedAt: ago(3_600_000) }),
  rotation({ id: "r-3", name: "Old one", stage: "failed", clients: [], waitsFor: null, endedAt: ago(7_200_000) }),
];
