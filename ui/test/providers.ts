import type {
  ActivityView,
  HygieneView,
  ProviderView,
  RotateAllPlanView,
  ServerView,
  UsageView,
  WorkspaceView,
} from "../src/ipc";
import { ago, keys, workspace } from "./fixtures";

const DAY_MS = 86_400_000;

/** A provider that can do nothing but take a pasted key, with what a test says more. */
export function provider(overrides: Partial<ProviderView> & Pick<ProviderView, "id" | "name">): ProviderView {
  return {
    about: "An example.",
    documentation: null,
    checked: "run",
    checkedOn: "2026-11-21",
    unsure: [],
    methods: [],
    capabilities: [],
    base: null,
    key: { prefix: "", nameMax: 100, daysMax: null, daysDefault: null, budget: null },
    headers: [],
    scopes: [],
    moreScopes: false,
    presets: [],
    dashboard: null,
    servers: [],
    ownFile: null,
    ...overrides,
  };
}

export const local = provider({
  id: "local",
  name: "Local workspace",
  about: "A small server on this computer. No account needed.",
  methods: ["password", "browser"],
  capabilities: [
    "list",
    "search",
    "paginate",
    "sort",
    "create",
    "rename",
    "expire",
    "pause",
    "delete",
    "usage",
    "activity",
    "update_scopes",
    "mcp_access",
    "everybody",
  ],
  key: { prefix: "ksl_", nameMax: 100, daysMax: null, daysDefault: null, budget: null },
  scopes: [
    { id: "view:keys", about: "See keys and their usage" },
    { id: "call:tools", about: "Call tools that only read" },
    { id: "write:tools", about: "Call tools that change something" },
  ],
  presets: [
    { id: "full", about: "Everything that the key's scopes allow" },
    { id: "read-only", about: "Nothing that changes something" },
    { id: "reporting", about: "Keys and usage only" },
  ],
  servers: [{ id: "local/tools", name: "Tools", about: "whoami and more", auth: ["key", "oauth"], caution: null }],
});

export const ocore = provider({
  id: "ocore",
  name: "oCore",
  about: "Odoo hosting and operations, on your own server or theirs.",
  methods: ["password", "token"],
  capabilities: ["list", "create", "rename", "update_scopes", "expire", "pause", "delete", "mcp_access"],
  base: { example: "https://ocore.example.com/api", choices: [] },
});

export const atlas = provider({
  id: "atlas",
  name: "Atlas",
  about: "Answers questions about data with SQL; hosted, or on your own server.",
  methods: ["device", "token"],
  capabilities: ["list", "search", "create", "rename", "expire", "pause", "delete", "workspaces"],
  base: {
    example: "https://atlas.example.com",
    choices: [
      { title: "United States", url: "https://api.useatlas.dev" },
      { title: "Europe", url: "https://api-eu.useatlas.dev" },
    ],
  },
  key: {
    prefix: "",
    nameMax: 32,
    daysMax: 365,
    daysDefault: 90,
    budget: "A key may be used 10 times in 24 hours unless your Atlas allows more.",
  },
});

export const aidelly = provider({
  id: "aidelly",
  name: "Aidelly",
  about: "Plans and publishes social media posts.",
  headers: [
    {
      name: "x-aidelly-workspace-id",
      title: "Workspace id",
      about: "It stands under Account Settings → API Keys.",
      required: true,
      value: null,
    },
  ],
  scopes: [{ id: "posts:read", about: "List and fetch posts" }],
  dashboard: {
    url: "https://app.aidelly.ai",
    create: ["Sign in and go to Account Settings → API Keys.", "Copy the key: it is shown only once."],
    revoke: ["Sign in and go to Account Settings → API Keys.", "Revoke the key there."],
    also: [{ what: "expire", steps: ["An expiry is set when the key is made."] }],
  },
});

export const custom = provider({
  id: "custom",
  name: "Another product",
  about: "Any MCP server: its address, a header and a key.",
  base: { example: "https://mcp.example.com/mcp", choices: [] },
});

export const providers = [local, ocore, atlas, aidelly, custom];

export const aidellyWorkspace: WorkspaceView = {
  ...workspace,
  id: "aidelly",
  name: "Aidelly",
  provider: "aidelly",
  login: "",
  url: "https://app.aidelly.ai/api/public/v1",
  headers: [{ ...(aidelly.headers[0] ?? fail("no header")), value: "ws_1" }],
};

export const servers: ServerView[] = [
  {
    id: "local/tools",
    name: "Tools",
    about: "whoami, list_keys and more",
    entry: "keystow",
    url: "http://127.0.0.1:46113/mcp/stream",
    auth: ["key", "oauth"],
    caution: null,
    signedIn: false,
  },
];

export const insights: ServerView = {
  id: "adlyse/insights",
  name: "Insights",
  about: "Waste, safe budgets, impact",
  entry: "adlyse",
  url: "https://mcp.adlyse.com/mcp/insights/",
  auth: ["key", "oauth"],
  caution: null,
  signedIn: true,
};

export const admin: ServerView = {
  id: "adlyse/admin",
  name: "Administration",
  about: "Workflows and their rules",
  entry: "adlyse-admin",
  url: "https://mcp.adlyse.com/mcp/admin/",
  auth: ["oauth"],
  caution: "It can change workflows of the whole organization.",
  signedIn: false,
};

export const hygiene: HygieneView = {
  expiring: [{ id: "k_b0d2", name: "Shared by editors", workspace: "local", at: ago(-9 * DAY_MS) }],
  neverExpire: [{ id: "k_09e1", name: "Nightly report", workspace: "local", at: null }],
  idle: [],
  unused: [{ id: "k_09e1", name: "Nightly report", workspace: "local", at: null }],
  orphans: [],
};

export const usage: UsageView = {
  lastUsedAt: ago(180_000),
  requests: 1280,
  endpoints: [
    { name: "tools/call", count: 900 },
    { name: "tools/list", count: 380 },
  ],
  clients: [{ name: "Cursor", count: 1280, lastUsedAt: ago(3 * 60_000) }],
  days: [
    { day: "2026-11-19", count: 0, clients: [] },
    { day: "2026-11-20", count: 500, clients: [{ name: "Cursor", count: 500 }] },
    {
      day: "2026-11-21",
      count: 780,
      clients: [
        { name: "Cursor", count: 700 },
        { name: "VS Code", count: 80 },
      ],
    },
  ],
};

export const trail: ActivityView[] = [
  { seq: 9, at: ago(60_000), kind: "key.copied", text: "Copied key Cursor on mira." },
  { seq: 2, at: ago(9 * DAY_MS), kind: "key.created", text: "Created key Cursor on mira in Local workspace." },
];

export const rotateAll: RotateAllPlanView = {
  keys: keys.slice(0, 3),
  left: [
    { id: "k_aa17", name: "Experiments", reason: "paused" },
    { id: "k_55c0", name: "Old laptop", reason: "not_here" },
  ],
  elsewhere: 4,
  byHand: false,
  problem: null,
};

function fail(text: string): never {
  throw new Error(text);
}
