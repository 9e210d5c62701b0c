// Generated from the command table (src-tauri/crates/app/src/contract.rs). Do not edit: `make types` writes it.

/**
 * Which part of the trail.
 */
export type ActivityRequest = { 
/**
 * Only entries before this one's number.
 */
before: number | null, 
/**
 * 1 to 200; `null`: 50. An export takes all.
 */
limit: number | null, 
/**
 * Only these kinds, by their first word, such as `key`; empty: all.
 */
kinds: Array<string>, 
/**
 * Only entries that name all of these, whatever their case: a workspace, a client, a key, a word.
 */
about: Array<string>, 
/**
 * Only from this time on, in Unix milliseconds.
 */
since: number | null, 
/**
 * Only up to this time, in Unix milliseconds.
 */
until: number | null, };

/**
 * One line of the trail. Names only.
 */
export type ActivityView = { 
/**
 * Grows by one.
 */
seq: number, 
/**
 * Unix milliseconds.
 */
at: number, 
/**
 * Such as `key.created`.
 */
kind: string, 
/**
 * One sentence.
 */
text: string, };

/**
 * Steps for something that only the dashboard can do.
 */
export type AlsoView = { 
/**
 * Such as `pause`.
 */
what: string, 
/**
 * Step by step.
 */
steps: Array<string>, };

/**
 * The frame of the window: rail, counts, status line.
 */
export type AppStatusView = { 
/**
 * Version of Keystow.
 */
version: string, 
/**
 * State of the keychain.
 */
keychain: KeychainView, 
/**
 * Why, where it is not unlocked.
 */
problem: ProblemView | null, 
/**
 * The workspace in use, if one is signed in.
 */
workspace: WorkspaceView | null, 
/**
 * Why it was out of reach when it was last asked for something, if it was.
 */
unreachable: ProblemView | null, 
/**
 * Keys of it that we know of.
 */
keys: number, 
/**
 * Connections we wrote.
 */
connections: number, 
/**
 * Programs that carry connections right now.
 */
bridges: number, 
/**
 * Rotations that are not over.
 */
rotations: number, 
/**
 * True until a workspace was signed in for the first time.
 */
firstRun: boolean, 
/**
 * Where the store is, for Settings, with `~`.
 */
dataDir: string, 
/**
 * Where the stable binary is, with `~`.
 */
stableBinary: string, };

/**
 * What was done.
 */
export type AppliedView = { 
/**
 * The change in history; `null` when nothing had to be written.
 */
change: string | null, 
/**
 * Connections written now.
 */
connected: Array<ConnectionView>, 
/**
 * Ids of connections that are gone now.
 */
disconnected: Array<string>, };

/**
 * Names a sign-in under way.
 */
export type AttemptRequest = { 
/**
 * Its id.
 */
attempt: string, };

/**
 * A base URL that the person says.
 */
export type BaseView = { 
/**
 * One that shows its shape.
 */
example: string, 
/**
 * Those the product runs itself; the first is the default.
 */
choices: Array<ChoiceView>, };

/**
 * A file that is not used.
 */
export type BrokenFileView = { 
/**
 * Its name.
 */
file: string, 
/**
 * Why.
 */
reason: string, };

/**
 * So many requests in so much time.
 */
export type BudgetView = { 
/**
 * Requests in all.
 */
limit: number, 
/**
 * Requests that are left.
 */
remaining: number | null, 
/**
 * The span, in seconds.
 */
windowS: number | null, 
/**
 * When it is full again, in Unix milliseconds.
 */
resetsAt: number | null, };

/**
 * Names a change; `null`: the latest that was not undone.
 */
export type ChangeRequest = { 
/**
 * Its id.
 */
change: string | null, };

/**
 * A change in history.
 */
export type ChangeView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Such as `Connected Cursor, VS Code`.
 */
title: string, 
/**
 * Unix milliseconds.
 */
at: number, 
/**
 * The files it touched, with `~`.
 */
files: Array<string>, 
/**
 * Whether it was undone.
 */
undone: boolean, 
/**
 * Whether it can be undone, as far as the store knows.
 */
canUndo: boolean, };

/**
 * How a check of the doctor came out.
 */
export type CheckState = "ok" | "warning" | "failed" | "fixed";

/**
 * One check of the doctor.
 */
export type CheckView = { 
/**
 * Such as `keychain`.
 */
id: string, 
/**
 * One short line.
 */
title: string, 
/**
 * How it came out.
 */
state: CheckState, 
/**
 * What was found.
 */
detail: string, 
/**
 * What to do.
 */
hint: string | null, };

/**
 * How well the facts about a client are known.
 */
export type Checked = "run" | "source" | "documentation" | "unverified";

/**
 * A base URL to choose.
 */
export type ChoiceView = { 
/**
 * Such as `Europe`.
 */
title: string, 
/**
 * The URL.
 */
url: string, };

/**
 * Names a client.
 */
export type ClientRequest = { 
/**
 * Its id.
 */
client: string, };

/**
 * What one client used a key for.
 */
export type ClientUseView = { 
/**
 * As it names itself.
 */
name: string, 
/**
 * Requests in all.
 */
count: number, 
/**
 * When it last did, where told. Unix milliseconds.
 */
lastUsedAt: number | null, };

/**
 * An AI client.
 */
export type ClientView = { 
/**
 * Such as `vscode`.
 */
id: string, 
/**
 * Such as `VS Code`.
 */
name: string, 
/**
 * Whether it was found on this computer.
 */
found: boolean, 
/**
 * What was found, or what would be looked for.
 */
detectedBy: string, 
/**
 * Whether a file in Keystow's configuration tells of it, not Keystow itself.
 */
own: boolean, 
/**
 * Where its facts come from.
 */
source: string, 
/**
 * How well its facts are known.
 */
checked: Checked, 
/**
 * Since when; empty where its file does not say.
 */
checkedOn: string, 
/**
 * The version that was looked at.
 */
checkedVersion: string | null, 
/**
 * When it takes up a change.
 */
reload: Reload, 
/**
 * What to know about it; `null`: nothing out of the ordinary.
 */
note: string | null, 
/**
 * Whether it can be connected by links, commands or a URL; see `clients_links`.
 */
links: boolean, 
/**
 * Its settings files, the default first; none where links are the only way.
 */
targets: Array<TargetView>, 
/**
 * Connections we wrote into it.
 */
connections: Array<ConnectionView>, };

/**
 * Answers the question for a one-time code.
 */
export type CodeRequest = { 
/**
 * The sign-in.
 */
attempt: string, 
/**
 * Six digits, or a backup code.
 */
code: string, };

/**
 * A link that connects clients to a server.
 */
export type ConnectLinkView = { 
/**
 * Workspace id; `null` where there is none that fits.
 */
workspace: string | null, 
/**
 * Its name, or what the link calls it; empty where it names none.
 */
workspaceName: string, 
/**
 * Whether another workspace is in use at the moment.
 */
otherWorkspace: boolean, 
/**
 * Server id; empty where the link names none and none is known.
 */
server: string, 
/**
 * Its name; empty where it is not known here.
 */
serverName: string, 
/**
 * Where the server is; `null` where it is not known here.
 */
host: HostView | null, 
/**
 * The clients that the link names; none: the person chooses.
 */
clients: Array<LinkClientView>, 
/**
 * Name of the entry; `null`: the server's.
 */
name: string | null, };

/**
 * What to connect.
 */
export type ConnectRequest = { 
/**
 * Client ids; at least one.
 */
clients: Array<string>, 
/**
 * Workspace id; `null`: the one in use.
 */
workspace: string | null, 
/**
 * Server id; `null`: the workspace's first.
 */
server: string | null, 
/**
 * Id or name of a stowed key; `null`: a new key for each client.
 */
key: string | null, 
/**
 * Replace an entry of the same name that is not ours.
 */
replace: boolean, 
/**
 * Address of the settings file, such as `project=/home/ada/work`; `null`: each client's first.
 */
target: string | null, 
/**
 * How the client reaches the server; `null`: by a bridge.
 */
mode: ModeView | null, 
/**
 * Name of the entry; `null`: the server's.
 */
name: string | null, 
/**
 * What is run, in mode `exec`.
 */
exec: ExecRequest | null, };

/**
 * Names a connection.
 */
export type ConnectionRequest = { 
/**
 * Its id.
 */
connection: string, };

/**
 * A connection.
 */
export type ConnectionView = { 
/**
 * What the settings file holds.
 */
id: string, 
/**
 * Client id.
 */
client: string, 
/**
 * Client name.
 */
clientName: string, 
/**
 * Server id.
 */
server: string, 
/**
 * The entry's name in the file.
 */
name: string, 
/**
 * Settings file, with `~`; empty for a link.
 */
path: string, 
/**
 * Address of the settings file, such as `user`.
 */
target: string, 
/**
 * How the client reaches the server.
 */
mode: ModeView, 
/**
 * Key id.
 */
key: string, 
/**
 * Key name, or `a revoked key`.
 */
keyName: string, 
/**
 * Workspace id.
 */
workspace: string, 
/**
 * What became of the entry.
 */
entry: EntryState, 
/**
 * What is wrong with it and what can be done; `null` where it is fine.
 */
problem: ProblemView | null, 
/**
 * Unix milliseconds.
 */
createdAt: number, };

/**
 * A key was put on the clipboard, natively and hidden from clipboard history.
 */
export type CopiedView = { 
/**
 * Name of the key.
 */
name: string, 
/**
 * Seconds until it is taken off again, unless something else was copied by then.
 */
clearsAfterS: number, };

/**
 * So many of something.
 */
export type CountView = { 
/**
 * What is counted.
 */
name: string, 
/**
 * How many.
 */
count: number, };

/**
 * A server of the person's own, of which Keystow writes a provider file.
 */
export type CustomProviderRequest = { 
/**
 * For people.
 */
name: string, 
/**
 * Its MCP endpoint.
 */
url: string, 
/**
 * The header that carries the key; `null`: `authorization`.
 */
header: string | null, 
/**
 * The word before it; `null`: `Bearer`; empty: none.
 */
scheme: string | null, };

/**
 * Where keys are made and revoked by hand.
 */
export type DashboardView = { 
/**
 * The page.
 */
url: string, 
/**
 * How to make one, step by step.
 */
create: Array<string>, 
/**
 * How to revoke one.
 */
revoke: Array<string>, 
/**
 * What else is done only there, by capability.
 */
also: Array<AlsoView>, };

/**
 * What a key was used for on one day.
 */
export type DayUseView = { 
/**
 * Such as `2026-11-21`.
 */
day: string, 
/**
 * Requests in all.
 */
count: number, 
/**
 * By client, the busiest first; none where it is not told.
 */
clients: Array<CountView>, };

/**
 * All that a link would do. Nothing of it is done yet, and nothing is without the person's consent.
 */
export type DeepLinkView = { 
/**
 * It connects clients.
 */
connect: ConnectLinkView | null, 
/**
 * It adds a provider.
 */
provider: ProviderLinkView | null, 
/**
 * What to know before following it; most important first.
 */
warnings: Array<WarningView>, 
/**
 * Why it cannot be followed here; `null`: it can.
 */
problem: ProblemView | null, };

/**
 * When the window's program runs.
 */
export type DesktopView = { 
/**
 * It is started when the person signs in to the computer.
 */
launchAtLogin: boolean, 
/**
 * Closing the window leaves the program beside the clock, where the desktop has a place for that.
 */
stayInTray: boolean, };

/**
 * A device code.
 */
export type DeviceView = { 
/**
 * Such as `3HD5-EEMS`.
 */
code: string, 
/**
 * Where to type it.
 */
url: string, 
/**
 * When it is over, in Unix milliseconds.
 */
expiresAt: number, 
/**
 * The address with the code in it as a picture: rows of `#` and blanks.
 */
qr: Array<string>, };

/**
 * One line of a diff.
 */
export type DiffLineView = { 
/**
 * What it is.
 */
kind: LineKind, 
/**
 * Line number before, where it has one.
 */
before: number | null, 
/**
 * Line number after, where it has one.
 */
after: number | null, 
/**
 * The line without its end; secret-like values read `‹redacted›`.
 */
text: string, };

/**
 * What to disconnect.
 */
export type DisconnectRequest = { 
/**
 * Client ids; at least one.
 */
clients: Array<string>, };

/**
 * Asks the doctor.
 */
export type DoctorRequest = { 
/**
 * Repair what can be repaired.
 */
fix: boolean, };

/**
 * An entry three ways: as we wrote it, as it stands, as we would write it today. Secrets in it read `‹redacted›`.
 */
export type DriftView = { 
/**
 * The connection, with the state of its entry.
 */
connection: ConnectionView, 
/**
 * What the ledger has: the entry as it was written or adopted.
 */
base: string, 
/**
 * What stands in the file; `null`: nothing, or the file cannot be read.
 */
theirs: string | null, 
/**
 * What would be written today; `null`: nothing, because the client is not known any more.
 */
ours: string | null, 
/**
 * From `base` to `theirs`: what was done by hand; empty where nothing was.
 */
byHand: Array<DiffLineView>, 
/**
 * From `base` to `ours`: what became out of date; empty where nothing did.
 */
outOfDate: Array<DiffLineView>, 
/**
 * Why the entry in the file cannot be adopted; `null`: it can.
 */
adoptProblem: ProblemView | null, };

/**
 * A request or answer with nothing in it: `{}`.
 */
export type Empty = Record<symbol, never>;

/**
 * What became of an entry that we wrote.
 */
export type EntryState = "fine" | "changed" | "gone" | "stale" | "unreadable" | "wiped";

/**
 * A stdio server that takes its key in an environment variable.
 */
export type ExecRequest = { 
/**
 * The variable.
 */
variable: string, 
/**
 * The program and its arguments.
 */
command: Array<string>, };

/**
 * A file that was written for the person.
 */
export type ExportView = { 
/**
 * Where it is, with `~`.
 */
path: string, 
/**
 * How many lines it has.
 */
lines: number, };

/**
 * What a plan does to a file.
 */
export type FileAction = "create" | "change" | "delete" | "keep";

/**
 * What would happen to one file.
 */
export type FilePlanView = { 
/**
 * Client id.
 */
client: string, 
/**
 * Client name.
 */
clientName: string, 
/**
 * With `~`.
 */
path: string, 
/**
 * Created, changed, deleted or kept.
 */
action: FileAction, 
/**
 * What to know before writing; most important first.
 */
warnings: Array<WarningView>, 
/**
 * Unified diff with three lines of context, redacted.
 */
diff: Array<DiffLineView>, 
/**
 * Why this file cannot be written; nothing is applied while any file has one.
 */
problem: ProblemView | null, };

/**
 * How long an old key stays good.
 */
export type GraceView = "now" | "hour" | "day" | "week";

/**
 * The value of a header beside the key.
 */
export type HeaderValueRequest = { 
/**
 * In lower case.
 */
name: string, 
/**
 * Its value; empty: none.
 */
value: string, };

/**
 * A header beside the key.
 */
export type HeaderView = { 
/**
 * In lower case.
 */
name: string, 
/**
 * What to ask for.
 */
title: string, 
/**
 * Where to find the value.
 */
about: string, 
/**
 * Whether nothing works without it.
 */
required: boolean, 
/**
 * Its value in the workspace that is asked about; `null` in the catalogue, or where none was given.
 */
value: string | null, };

/**
 * Where a link leads.
 */
export type HostView = { 
/**
 * In full, with its port where that is not the usual one; letters beyond a-z as `xn--…`.
 */
host: string, 
/**
 * The whole address.
 */
url: string, 
/**
 * Whether it is this computer.
 */
local: boolean, };

/**
 * A key to look at.
 */
export type HygieneKeyView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Workspace id.
 */
workspace: string, 
/**
 * When it expires or was last used, where that is why. Unix milliseconds.
 */
at: number | null, };

/**
 * What to look at among the keys that are known.
 */
export type HygieneView = { 
/**
 * Expire within 14 days, the soonest first.
 */
expiring: Array<HygieneKeyView>, 
/**
 * Never expire.
 */
neverExpire: Array<HygieneKeyView>, 
/**
 * Not used for 90 days, or never since they were made 90 days ago.
 */
idle: Array<HygieneKeyView>, 
/**
 * Stowed, and used by no client.
 */
unused: Array<HygieneKeyView>, 
/**
 * Made by us, and nobody holds their secret.
 */
orphans: Array<HygieneKeyView>, };

/**
 * A new key.
 */
export type KeyCreateRequest = { 
/**
 * 1 to 100 characters.
 */
name: string, 
/**
 * Scopes; empty: the provider's default.
 */
scopes: Array<string>, 
/**
 * Days until it expires; `null`: never.
 */
expiresInDays: number | null, 
/**
 * Refuse tools that write.
 */
readOnly: boolean, 
/**
 * MCP permission preset.
 */
preset: string | null, 
/**
 * MCP tools it may call; empty: all.
 */
tools: Array<string>, 
/**
 * Permissions that hold over MCP; empty: all it has.
 */
mcpPermissions: Array<string>, 
/**
 * Projects it is limited to; empty: none in particular.
 */
projects: Array<string>, 
/**
 * Instances it is limited to; empty: none in particular.
 */
instances: Array<string>, };

/**
 * An order of keys.
 */
export type KeyOrderView = { 
/**
 * By what.
 */
by: KeySortView, 
/**
 * The other way round.
 */
descending: boolean, };

/**
 * One page of keys.
 */
export type KeyPageView = { 
/**
 * The keys.
 */
keys: Array<KeyView>, 
/**
 * How many match in all.
 */
total: number, 
/**
 * This page.
 */
page: number, 
/**
 * Keys a page.
 */
limit: number, 
/**
 * Requests that the account has left, where the provider tells.
 */
budget: BudgetView | null, 
/**
 * Why the list is what was known before, where the provider could not be asked.
 */
stale: ProblemView | null, };

/**
 * Stows a key that was made elsewhere, from the clipboard, natively.
 */
export type KeyPasteRequest = { 
/**
 * A name for it; `None`: what the provider calls it.
 */
name: string | null, 
/**
 * The key of the list whose secret it is.
 */
key: string | null, };

/**
 * A new name.
 */
export type KeyRenameRequest = { 
/**
 * Id or name of the key.
 */
key: string, 
/**
 * 1 to 100 characters.
 */
name: string, };

/**
 * Names a key: its id, or its exact name where only one has it.
 */
export type KeyRequest = { 
/**
 * Id or name.
 */
key: string, };

/**
 * What keys are put in order by.
 */
export type KeySortView = "name" | "created" | "expires" | "last_used";

/**
 * Where a key stands.
 */
export type KeyState = "enabled" | "paused" | "expired";

/**
 * How keys of a provider look.
 */
export type KeyStyleView = { 
/**
 * What they start with; may be empty.
 */
prefix: string, 
/**
 * The longest name, in characters.
 */
nameMax: number, 
/**
 * The most days until one expires; `null`: it may never.
 */
daysMax: number | null, 
/**
 * Days until one expires where nothing is said; `null`: never.
 */
daysDefault: number | null, 
/**
 * What to know about how often one may be used.
 */
budget: string | null, };

/**
 * What to change about a key; `null` leaves it.
 */
export type KeyUpdateRequest = { 
/**
 * Id or name.
 */
key: string, 
/**
 * Scopes.
 */
scopes: Array<string> | null, 
/**
 * Refuse tools that write.
 */
readOnly: boolean | null, 
/**
 * MCP permission preset; empty: none.
 */
preset: string | null, 
/**
 * MCP tools it may call; empty: all.
 */
tools: Array<string> | null, 
/**
 * Permissions that hold over MCP; empty: all it has.
 */
mcpPermissions: Array<string> | null, 
/**
 * Projects it is limited to; empty: none in particular.
 */
projects: Array<string> | null, 
/**
 * Instances it is limited to; empty: none in particular.
 */
instances: Array<string> | null, };

/**
 * A key.
 */
export type KeyView = { 
/**
 * The provider's id.
 */
id: string, 
/**
 * Workspace id.
 */
workspace: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Such as `ksl_••••••••3f9c`.
 */
masked: string, 
/**
 * Where it stands.
 */
state: KeyState, 
/**
 * Scopes, as the provider spells them.
 */
scopes: Array<string>, 
/**
 * Whether tools that write are refused.
 */
readOnly: boolean, 
/**
 * MCP permission preset.
 */
preset: string | null, 
/**
 * MCP tools it may call; empty: all.
 */
tools: Array<string>, 
/**
 * Unix milliseconds.
 */
createdAt: number | null, 
/**
 * Unix milliseconds; `null`: never.
 */
expiresAt: number | null, 
/**
 * From when on it may be revoked, where a rotation gave its clients another key; they may still hold it longer. Unix
 * milliseconds.
 */
retiresAt: number | null, 
/**
 * Unix milliseconds.
 */
lastUsedAt: number | null, 
/**
 * Requests in the provider's current period.
 */
requests: number | null, 
/**
 * Whether its plaintext is in the keychain of this computer.
 */
stowed: boolean, 
/**
 * Connections that use it.
 */
usedBy: Array<UsedByView>, 
/**
 * Permissions that hold over MCP; empty: all it has.
 */
mcpPermissions: Array<string>, 
/**
 * Projects it is limited to.
 */
projects: Array<string>, 
/**
 * Instances it is limited to.
 */
instances: Array<string>, 
/**
 * Said by the provider when clients must connect anew.
 */
reconnect: string | null, 
/**
 * Whose it is, in a list of everybody's.
 */
owner: string | null, 
/**
 * How often it may be used.
 */
budget: BudgetView | null, };

/**
 * What the keychain is up to.
 */
export type KeychainView = "unlocked" | "locked" | "absent";

/**
 * Which keys to list.
 */
export type KeysListRequest = { 
/**
 * Part of a name or of the visible part of the key.
 */
search: string | null, 
/**
 * First page is 1; `None`: 1.
 */
page: number | null, 
/**
 * 1 to 200; `None`: 50.
 */
limit: number | null, 
/**
 * Those of everybody, where the account is an administrator's and the provider can.
 */
everybody: boolean, 
/**
 * In which order, where the provider sorts or all keys are on one page; `null`: as the provider lists them.
 */
order: KeyOrderView | null, };

/**
 * The language of the window.
 */
export type Language = "system" | "en" | "de";

/**
 * A key that stays valid when its secret goes.
 */
export type LeftKeyView = { 
/**
 * Its name.
 */
name: string, 
/**
 * As much of it as may be shown.
 */
masked: string, 
/**
 * Name of its workspace.
 */
workspace: string, };

/**
 * Why a key is not rotated with the others.
 */
export type LeftOut = "not_here" | "paused" | "expired" | "under_way";

/**
 * A key that would stay as it is.
 */
export type LeftOutView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Why.
 */
reason: LeftOut, };

/**
 * One line of a unified diff.
 */
export type LineKind = "context" | "added" | "removed" | "gap";

/**
 * A client that a link names.
 */
export type LinkClientView = { 
/**
 * Client id.
 */
id: string, 
/**
 * Client name, or the id where it is not known.
 */
name: string, 
/**
 * Whether it was found on this computer.
 */
found: boolean, };

/**
 * What a link is, and so what to do with it.
 */
export type LinkKindView = "deep_link" | "command" | "stdin_command" | "url" | "page";

/**
 * One of the links of a client.
 */
export type LinkPickRequest = { 
/**
 * What the links were asked with.
 */
links: LinkRequest, 
/**
 * Which one, from 1.
 */
number: number, };

/**
 * A client and a server to bring together by hand.
 */
export type LinkRequest = { 
/**
 * Client id.
 */
client: string, 
/**
 * Server id; `null`: the workspace's first.
 */
server: string | null, 
/**
 * Id or name of a stowed key; `null`: one of its own.
 */
key: string | null, 
/**
 * Also those with the key in them. They are never shown, only copied.
 */
exposeKey: boolean, };

/**
 * A link, a command or an address.
 */
export type LinkView = { 
/**
 * What it is.
 */
kind: LinkKindView, 
/**
 * For people, such as `Add to Cursor`.
 */
title: string, 
/**
 * The link itself; `null` where it has the key in it.
 */
text: string | null, 
/**
 * Whether it has the key in it.
 */
exposesKey: boolean, 
/**
 * Whether it can be opened from here.
 */
opens: boolean, };

/**
 * Ways to hand a server to a client without writing its settings.
 */
export type LinksView = { 
/**
 * The connection they stand for; `null` where none of them starts Keystow.
 */
connection: string | null, 
/**
 * The best first, those with the key in them last.
 */
links: Array<LinkView>, 
/**
 * What to know before using them.
 */
warnings: Array<WarningView>, };

/**
 * A way to sign in.
 */
export type Method = "browser" | "password" | "device" | "token";

/**
 * How a client reaches a server.
 */
export type ModeView = "bridge" | "helper" | "exec" | "link";

/**
 * What the system's notifications tell of.
 */
export type Notifications = "off" | "important" | "all";

/**
 * Chooses an organization.
 */
export type OrganizationRequest = { 
/**
 * Workspace id.
 */
workspace: string, 
/**
 * The organization's id.
 */
organization: string, };

/**
 * An organization of a workspace's account.
 */
export type OrganizationView = { 
/**
 * As the product names it.
 */
id: string, 
/**
 * For people.
 */
name: string, };

/**
 * Names a key in the list of everybody's, for an administrator.
 */
export type OthersKeyRequest = { 
/**
 * Id, or its exact name where only one has it.
 */
key: string, 
/**
 * Its name, where `key` is an id: products search by names.
 */
name: string | null, };

/**
 * A client file of a person's own.
 */
export type OwnClientView = { 
/**
 * Its name, such as `my-editor.toml`.
 */
file: string, 
/**
 * The client it tells of; `null` where it cannot be used.
 */
client: string | null, 
/**
 * Why it cannot be used. All others go on working.
 */
problem: ProblemView | null, };

/**
 * A person's own client files.
 */
export type OwnClientsView = { 
/**
 * Where they are looked for, with `~`.
 */
directory: string, 
/**
 * Those that are there, by name.
 */
files: Array<OwnClientView>, };

/**
 * A person's own provider files.
 */
export type OwnProvidersView = { 
/**
 * Where they are looked for, with `~`.
 */
directory: string, 
/**
 * Those that are not used, and why.
 */
broken: Array<BrokenFileView>, };

/**
 * Names a place.
 */
export type PlaceRequest = { 
/**
 * Its id.
 */
place: string, };

/**
 * A place on the disk where Keystow keeps something.
 */
export type PlaceView = { 
/**
 * `program`, `workspace`, `logs`, `providers`, `window`, `autostart`, `running` or `store`.
 */
id: string, 
/**
 * With `~`.
 */
path: string, 
/**
 * Bytes in it.
 */
bytes: number, 
/**
 * Whether there is anything.
 */
exists: boolean, };

/**
 * Names a plan.
 */
export type PlanRequest = { 
/**
 * Its id.
 */
plan: string, };

/**
 * What would happen, before it does.
 */
export type PlanView = { 
/**
 * To apply it.
 */
id: string, 
/**
 * The files, in the order of the clients.
 */
files: Array<FilePlanView>, 
/**
 * Keys that would be made, by name.
 */
createsKeys: Array<string>, 
/**
 * How many files would be written or deleted.
 */
writes: number, };

/**
 * What a live probe of a connection found: the very command that was written was run.
 */
export type ProbeView = { 
/**
 * Connection id.
 */
connection: string, 
/**
 * Tool names; empty where it failed.
 */
tools: Array<string>, 
/**
 * Milliseconds from start to answer.
 */
tookMs: number, 
/**
 * Why it failed.
 */
problem: ProblemView | null, };

/**
 * An error in the shape the window and `--json` get it. Codes are append-only; text is for people.
 */
export type ProblemView = { 
/**
 * Such as `keychain.locked`; the UI switches on it.
 */
code: string, 
/**
 * One short line.
 */
title: string, 
/**
 * What happened, with the file or host and the place.
 */
detail: string, 
/**
 * What to do about it.
 */
hint: string | null, 
/**
 * Whether trying again can help.
 */
retry: boolean, 
/**
 * The change in history that holds what was done all the same, and can be undone; only with `apply.partly`.
 */
change?: string, };

/**
 * A link that adds an MCP endpoint as a provider of the person's own.
 */
export type ProviderLinkView = { 
/**
 * For people.
 */
name: string, 
/**
 * Where keys that are pasted for it would go.
 */
host: HostView, 
/**
 * The header that carries the key.
 */
header: string, 
/**
 * The word before it; empty: none.
 */
scheme: string, 
/**
 * The file that would be written, with `~`.
 */
path: string, 
/**
 * All that would stand in it.
 */
text: string, };

/**
 * An MCP server in the catalogue.
 */
export type ProviderServerView = { 
/**
 * Such as `adlyse/insights`.
 */
id: string, 
/**
 * Such as `Insights`.
 */
name: string, 
/**
 * One line about it.
 */
about: string, 
/**
 * What it takes: `key`, `oauth`.
 */
auth: Array<string>, 
/**
 * Why not everybody should connect it.
 */
caution: string | null, };

/**
 * A provider in the catalogue.
 */
export type ProviderView = { 
/**
 * Such as `local`.
 */
id: string, 
/**
 * Such as `Local workspace`.
 */
name: string, 
/**
 * One line about it.
 */
about: string, 
/**
 * The provider's own page about its keys.
 */
documentation: string | null, 
/**
 * How well its facts are known.
 */
checked: Checked, 
/**
 * When they were checked: an ISO date.
 */
checkedOn: string, 
/**
 * What of them is not sure, a sentence each.
 */
unsure: Array<string>, 
/**
 * Ways to sign in, the default first; none: its keys are pasted.
 */
methods: Array<Method>, 
/**
 * What its remote API can do: `list`, `search`, `paginate`, `sort`, `create`, `rename`, `update_scopes`, `expire`, `pause`, `delete`,
 * `usage`, `activity`, `workspaces`, `everybody`, `mcp_access`.
 */
capabilities: Array<string>, 
/**
 * Where its API is, where that is to be said: an example, and those to choose from.
 */
base: BaseView | null, 
/**
 * Its keys.
 */
key: KeyStyleView, 
/**
 * Headers beside the key that a workspace has values for.
 */
headers: Array<HeaderView>, 
/**
 * Scopes it knows.
 */
scopes: Array<ScopeView>, 
/**
 * Whether it has scopes beside those, to be typed.
 */
moreScopes: boolean, 
/**
 * MCP permission presets it knows.
 */
presets: Array<ScopeView>, 
/**
 * Where keys are made by hand.
 */
dashboard: DashboardView | null, 
/**
 * Its MCP servers.
 */
servers: Array<ProviderServerView>, 
/**
 * The person's own file that says all this, by name.
 */
ownFile: string | null, };

/**
 * When a client takes up a changed settings file.
 */
export type Reload = "live" | "window" | "restart";

/**
 * What is to be removed.
 */
export type RemovalRequest = { 
/**
 * Also revoke the keys that can be.
 */
revokeKeys: boolean, 
/**
 * Go on although a settings file cannot be written: its entry stays behind and starts nothing any more.
 */
leaveFiles: boolean, };

/**
 * How a step of removing came out.
 */
export type RemovalState = "done" | "failed" | "not_tried";

/**
 * One step.
 */
export type RemovalStepView = { 
/**
 * `entry`, `key`, `session`, `keychain`, `local`, or the id of a place.
 */
id: string, 
/**
 * What it was about.
 */
title: string, 
/**
 * How it came out.
 */
state: RemovalState, 
/**
 * Why it failed.
 */
problem: ProblemView | null, };

/**
 * All that removing would take away. Nothing is touched yet.
 */
export type RemovalView = { 
/**
 * Entries that go out of clients' settings files; all else in these stays as it is.
 */
files: Array<FilePlanView>, 
/**
 * Clients that took a link: what they keep of it cannot be taken back from here.
 */
links: Array<string>, 
/**
 * What goes out of the keychain: `keys`, `sessions`, `servers`, `others`.
 */
secrets: Array<CountView>, 
/**
 * Places on the disk that go.
 */
places: Array<PlaceView>, 
/**
 * Files in our directories that Keystow did not write, with `~`; they stay.
 */
kept: Array<string>, 
/**
 * Keys whose secret is here and that could be revoked at their workspaces. They are not, unless asked for.
 */
revocable: Array<LeftKeyView>, 
/**
 * Keys whose secret is here and that only their product's dashboard can revoke.
 */
elsewhere: Array<LeftKeyView>, 
/**
 * How many keys end with the local workspace.
 */
localKeys: number, 
/**
 * Clients that have a bridge of ours running.
 */
running: Array<string>, 
/**
 * Rotations that are not over.
 */
rotations: number, 
/**
 * Why nothing can be removed now, such as a locked keychain.
 */
problem: ProblemView | null, };

/**
 * What came of it.
 */
export type RemovedView = { 
/**
 * Whether everything is gone. If not, the same can be asked for again: it goes on where it stopped.
 */
complete: boolean, 
/**
 * Step by step, in order.
 */
steps: Array<RemovalStepView>, 
/**
 * Files that stay because Keystow did not write them, with `~`.
 */
kept: Array<string>, };

/**
 * What to do about an entry that drifted.
 */
export type RepairAction = "restore" | "adopt" | "forget";

/**
 * What to do about entries that drifted.
 */
export type RepairRequest = { 
/**
 * Connection ids; empty: all that drifted and that this can be done for.
 */
connections: Array<string>, 
/**
 * What to do.
 */
action: RepairAction, };

/**
 * What rotating every key of the workspace in use would do. Nothing is done yet.
 */
export type RotateAllPlanView = { 
/**
 * Keys that would be rotated, by name.
 */
keys: Array<KeyView>, 
/**
 * Keys that would stay as they are, by name.
 */
left: Array<LeftOutView>, 
/**
 * Keys of the workspace that this computer has nothing of: they stay as they are, too.
 */
elsewhere: number, 
/**
 * Only a dashboard makes keys: each new one is to be made and pasted by hand.
 */
byHand: boolean, 
/**
 * Why none of them can be rotated.
 */
problem: ProblemView | null, };

/**
 * Asks for every key of the workspace in use to be rotated whose secret is on this computer.
 */
export type RotateAllRequest = { 
/**
 * How long the old keys stay good.
 */
grace: GraceView, };

/**
 * Asks for a key to be rotated; one that is in a rotation already goes on with that.
 */
export type RotateRequest = { 
/**
 * Id or name.
 */
key: string, 
/**
 * How long the old key stays good.
 */
grace: GraceView, };

/**
 * How far a client is.
 */
export type RotationClientState = "not_running" | "asks_anew" | "on_it" | "finishing" | "waiting" | "holds";

/**
 * A client in a rotation.
 */
export type RotationClientView = { 
/**
 * Connection id.
 */
connection: string, 
/**
 * Client id.
 */
client: string, 
/**
 * Client name.
 */
name: string, 
/**
 * How it reaches the server.
 */
mode: ModeView, 
/**
 * How far it is.
 */
state: RotationClientState, 
/**
 * Programs of it that run.
 */
live: number, 
/**
 * When the server last took a call with the key that it is to use. Unix milliseconds.
 */
acceptedAt: number | null, };

/**
 * Names a rotation.
 */
export type RotationRequest = { 
/**
 * Such as `r-x7k2m9qa`.
 */
rotation: string, };

/**
 * How far a rotation is.
 */
export type RotationStage = "planned" | "created" | "switched" | "observed" | "retired" | "going_back" | "cancelled" | "failed";

/**
 * A rotation.
 */
export type RotationView = { 
/**
 * Such as `r-x7k2m9qa`.
 */
id: string, 
/**
 * The name of both keys.
 */
name: string, 
/**
 * Workspace id.
 */
workspace: string, 
/**
 * Its name.
 */
workspaceName: string, 
/**
 * The key that makes way.
 */
oldKey: string, 
/**
 * What may be shown of it.
 */
oldMasked: string, 
/**
 * The key that takes its place, once it is there.
 */
newKey: string | null, 
/**
 * What may be shown of it.
 */
newMasked: string | null, 
/**
 * How far it is.
 */
stage: RotationStage, 
/**
 * How long the old key stays good.
 */
grace: GraceView, 
/**
 * It leaked: the old key was revoked first.
 */
emergency: boolean, 
/**
 * Whether the old key is known to be dead.
 */
revoked: boolean, 
/**
 * When it began, in Unix milliseconds.
 */
begunAt: number, 
/**
 * When the connections began to use the new key.
 */
switchedAt: number | null, 
/**
 * When the old key may go.
 */
retiresAt: number | null, 
/**
 * When it was over.
 */
endedAt: number | null, 
/**
 * Whether it can still be called off.
 */
cancelable: boolean, 
/**
 * The clients of the key, one for each connection.
 */
clients: Array<RotationClientView>, 
/**
 * What it waits for, besides the time when the old key may go, in a sentence.
 */
waitsFor: string | null, 
/**
 * What the person has to do at the provider's dashboard now, step by step.
 */
steps: Array<string>, 
/**
 * The page to do it on.
 */
dashboard: string | null, 
/**
 * A key that the person made is to be pasted now.
 */
wantsKey: boolean, 
/**
 * Why the last step failed.
 */
problem: ProblemView | null, 
/**
 * Why it went back.
 */
failed: string | null, };

/**
 * Whether a client runs.
 */
export type RunningView = { 
/**
 * Client id.
 */
client: string, 
/**
 * Client name.
 */
name: string, 
/**
 * Whether one of its programs runs on this computer, for this person.
 */
running: boolean, 
/**
 * Whether that can be told on this system at all.
 */
known: boolean, };

/**
 * A scope or preset.
 */
export type ScopeView = { 
/**
 * As the provider spells it.
 */
id: string, 
/**
 * What it allows.
 */
about: string, };

/**
 * Names an MCP server of the workspace in use.
 */
export type ServerRequest = { 
/**
 * Such as `atlas/data`.
 */
server: string, };

/**
 * An MCP server of a provider.
 */
export type ServerView = { 
/**
 * Such as `local/tools`.
 */
id: string, 
/**
 * Such as `Tools`.
 */
name: string, 
/**
 * One line about it.
 */
about: string, 
/**
 * The name of its entry in settings files, such as `keystow`.
 */
entry: string, 
/**
 * Its URL; empty where the workspace does not say enough to tell it.
 */
url: string, 
/**
 * What it takes: `key`, `oauth`.
 */
auth: Array<string>, 
/**
 * Why not everybody should connect it.
 */
caution: string | null, 
/**
 * Whether tokens for it are stowed.
 */
signedIn: boolean, };

/**
 * Settings of the window.
 */
export type SettingsView = { 
/**
 * Light, dark or as the system.
 */
theme: Theme, 
/**
 * English, German or as the system.
 */
language: Language, 
/**
 * How many days a change to settings files can be undone, 1 to 365; what files were before is kept that long.
 */
keepBackupsDays: number, 
/**
 * How many seconds a copied key stays on the clipboard: 10, 30, 60 or 120.
 */
clipboardS: number, 
/**
 * What the system tells of while the window is elsewhere.
 */
notifications: Notifications, };

/**
 * How much a warning matters.
 */
export type Severity = "note" | "caution";

/**
 * Asks to sign in.
 */
export type SignInRequest = { 
/**
 * Provider id.
 */
provider: string, 
/**
 * `None`: the provider's default.
 */
method: Method | null, 
/**
 * Base URL, where it is to be said.
 */
url: string | null, 
/**
 * The login, for a password.
 */
login: string | null, 
/**
 * Take the password or token from the clipboard, natively: it never comes by here.
 */
fromClipboard: boolean, };

/**
 * Whether a sign-in is through.
 */
export type SignInState = "waiting" | "done" | "cancelled" | "code_needed";

/**
 * How far a sign-in is.
 */
export type SignInView = { 
/**
 * Waiting, done, cancelled, or asking for a code.
 */
state: SignInState, 
/**
 * To wait for or cancel it.
 */
attempt: string | null, 
/**
 * What the browser was asked to open, where it waits: to copy when no browser opened.
 */
url: string | null, 
/**
 * What to type on another screen, with a device code.
 */
device: DeviceView | null, 
/**
 * Where it is done.
 */
workspace: WorkspaceView | null, };

/**
 * A settings file of a client.
 */
export type TargetView = { 
/**
 * Its address, such as `user`, `project` or `profile=work`.
 */
id: string, 
/**
 * For people, where the address does not say it all, such as `VS Code Insiders`.
 */
title: string | null, 
/**
 * With `~`; `<project>/…` where a project tells it.
 */
path: string, 
/**
 * Whether it needs a project's directory: `project=DIR`.
 */
needsProject: boolean, 
/**
 * How the client can reach a server through it, the default first.
 */
modes: Array<ModeView>, 
/**
 * Such as `jsonc`.
 */
syntax: string, 
/**
 * Whether the file is there.
 */
exists: boolean, 
/**
 * How well the facts about this file are known.
 */
checked: Checked, 
/**
 * Since when; empty where its file does not say.
 */
checkedOn: string, 
/**
 * The version that was looked at.
 */
checkedVersion: string | null, 
/**
 * Mode `helper` works from this version of the client on; `null`: in every version, or not at all.
 */
helperSince: string | null, };

/**
 * How bright the window is.
 */
export type Theme = "system" | "light" | "dark";

/**
 * What undoing a change would do.
 */
export type UndoPreviewView = { 
/**
 * The change.
 */
change: ChangeView, 
/**
 * What would happen to its files. While one has a problem, nothing is undone; its diff then shows what would be lost.
 */
files: Array<FilePlanView>, };

/**
 * What a key was used for.
 */
export type UsageView = { 
/**
 * Unix milliseconds.
 */
lastUsedAt: number | null, 
/**
 * Requests in the provider's current period.
 */
requests: number | null, 
/**
 * By endpoint or tool, the busiest first.
 */
endpoints: Array<CountView>, 
/**
 * By client, the busiest first.
 */
clients: Array<ClientUseView>, 
/**
 * By day, the latest last.
 */
days: Array<DayUseView>, };

/**
 * A client that uses a key.
 */
export type UsedByView = { 
/**
 * Client id.
 */
client: string, 
/**
 * Client name.
 */
name: string, 
/**
 * Connection id.
 */
connection: string, };

/**
 * The link that waits to be looked at; all `null`: none does.
 */
export type WaitingLinkView = { 
/**
 * What it would do.
 */
link: DeepLinkView | null, 
/**
 * Why it is refused.
 */
refused: ProblemView | null, };

/**
 * Something to know before writing.
 */
export type WarningView = { 
/**
 * Such as `plan.client_running`.
 */
code: string, 
/**
 * How much it matters.
 */
severity: Severity, 
/**
 * One sentence, state before advice.
 */
text: string, };

/**
 * Adds a workspace of a provider that has no sign-in.
 */
export type WorkspaceAddRequest = { 
/**
 * Provider id.
 */
provider: string, 
/**
 * Base URL, where it is to be said.
 */
url: string | null, 
/**
 * Headers beside the key.
 */
headers: Array<HeaderValueRequest>, };

/**
 * Names a workspace.
 */
export type WorkspaceRequest = { 
/**
 * Its id.
 */
workspace: string, };

/**
 * Changes what the person says of a workspace.
 */
export type WorkspaceSetRequest = { 
/**
 * Its id.
 */
workspace: string, 
/**
 * Another name for it.
 */
name: string | null, 
/**
 * Headers beside the key; those not named stay.
 */
headers: Array<HeaderValueRequest>, };

/**
 * A workspace.
 */
export type WorkspaceView = { 
/**
 * Such as `local`.
 */
id: string, 
/**
 * Such as `Local workspace`.
 */
name: string, 
/**
 * Provider id.
 */
provider: string, 
/**
 * Such as `owner@keystow.local`; empty where there is no account.
 */
login: string, 
/**
 * The organization it stands for.
 */
organization: OrganizationView | null, 
/**
 * Base URL.
 */
url: string, 
/**
 * Whether it can be used: a session is stowed, or none is needed.
 */
signedIn: boolean, 
/**
 * Whether it is the one in use.
 */
current: boolean, 
/**
 * When the pasted token runs out; `null` where it does not, or is refreshed. Unix milliseconds.
 */
expiresAt: number | null, 
/**
 * Headers beside the key, with their values.
 */
headers: Array<HeaderView>, };

/** Every command: its request and its answer. */
export interface Commands {
  app_status: { request: Empty; view: AppStatusView };
  app_unlock: { request: Empty; view: AppStatusView };
  app_quit: { request: Empty; view: Empty };
  settings_get: { request: Empty; view: SettingsView };
  settings_set: { request: SettingsView; view: SettingsView };
  desktop_get: { request: Empty; view: DesktopView };
  desktop_set: { request: DesktopView; view: DesktopView };
  providers_list: { request: Empty; view: Array<ProviderView> };
  providers_own: { request: Empty; view: OwnProvidersView };
  providers_add_custom: { request: CustomProviderRequest; view: ProviderView };
  workspaces_list: { request: Empty; view: Array<WorkspaceView> };
  workspaces_use: { request: WorkspaceRequest; view: WorkspaceView };
  workspaces_add: { request: WorkspaceAddRequest; view: WorkspaceView };
  workspaces_set: { request: WorkspaceSetRequest; view: WorkspaceView };
  workspaces_remove: { request: WorkspaceRequest; view: Empty };
  workspaces_organizations: { request: WorkspaceRequest; view: Array<OrganizationView> };
  workspaces_use_organization: { request: OrganizationRequest; view: WorkspaceView };
  workspaces_open_dashboard: { request: WorkspaceRequest; view: Empty };
  sessions_sign_in: { request: SignInRequest; view: SignInView };
  sessions_wait: { request: AttemptRequest; view: SignInView };
  sessions_open: { request: AttemptRequest; view: Empty };
  sessions_code: { request: CodeRequest; view: SignInView };
  sessions_cancel: { request: AttemptRequest; view: Empty };
  sessions_sign_out: { request: WorkspaceRequest; view: Empty };
  servers_list: { request: Empty; view: Array<ServerView> };
  servers_sign_in: { request: ServerRequest; view: SignInView };
  servers_sign_out: { request: ServerRequest; view: Empty };
  keys_list: { request: KeysListRequest; view: KeyPageView };
  keys_show: { request: KeyRequest; view: KeyView };
  keys_create: { request: KeyCreateRequest; view: KeyView };
  keys_rename: { request: KeyRenameRequest; view: KeyView };
  keys_update: { request: KeyUpdateRequest; view: KeyView };
  keys_paste: { request: KeyPasteRequest; view: KeyView };
  keys_replace: { request: KeyRequest; view: KeyView };
  keys_usage: { request: KeyRequest; view: UsageView };
  keys_hygiene: { request: Empty; view: HygieneView };
  keys_trail: { request: KeyRequest; view: Array<ActivityView> };
  keys_pause: { request: KeyRequest; view: KeyView };
  keys_resume: { request: KeyRequest; view: KeyView };
  keys_copy: { request: KeyRequest; view: CopiedView };
  keys_delete: { request: KeyRequest; view: Empty };
  keys_revoke_other: { request: OthersKeyRequest; view: Empty };
  keys_revoke: { request: KeyRequest; view: RotationView };
  rotations_start: { request: RotateRequest; view: RotationView };
  rotations_plan_all: { request: Empty; view: RotateAllPlanView };
  rotations_start_all: { request: RotateAllRequest; view: Array<RotationView> };
  rotations_list: { request: Empty; view: Array<RotationView> };
  rotations_advance: { request: RotationRequest; view: RotationView };
  rotations_paste: { request: RotationRequest; view: RotationView };
  rotations_retire: { request: RotationRequest; view: RotationView };
  rotations_cancel: { request: RotationRequest; view: RotationView };
  clients_list: { request: Empty; view: Array<ClientView> };
  clients_own: { request: Empty; view: OwnClientsView };
  clients_links: { request: LinkRequest; view: LinksView };
  clients_copy_link: { request: LinkPickRequest; view: CopiedView };
  clients_open_link: { request: LinkPickRequest; view: Empty };
  links_take: { request: Empty; view: WaitingLinkView };
  clients_running: { request: ClientRequest; view: RunningView };
  connections_plan: { request: ConnectRequest; view: PlanView };
  connections_plan_removal: { request: DisconnectRequest; view: PlanView };
  connections_apply: { request: PlanRequest; view: AppliedView };
  connections_list: { request: Empty; view: Array<ConnectionView> };
  connections_drift: { request: ConnectionRequest; view: DriftView };
  connections_plan_repair: { request: RepairRequest; view: PlanView };
  connections_probe: { request: ConnectionRequest; view: ProbeView };
  changes_list: { request: Empty; view: Array<ChangeView> };
  changes_preview: { request: ChangeRequest; view: UndoPreviewView };
  changes_undo: { request: ChangeRequest; view: ChangeView };
  activity_list: { request: ActivityRequest; view: Array<ActivityView> };
  activity_export: { request: ActivityRequest; view: ExportView };
  places_list: { request: Empty; view: Array<PlaceView> };
  places_open: { request: PlaceRequest; view: Empty };
  removal_preview: { request: Empty; view: RemovalView };
  removal_apply: { request: RemovalRequest; view: RemovedView };
  doctor_run: { request: DoctorRequest; view: Array<CheckView> };
}

/** The caches that a command makes stale: first words of command names. */
export const invalidates: Record<keyof Commands, readonly string[]> = {
  app_status: [],
  app_unlock: ["app", "workspaces", "keys", "servers", "clients", "connections"],
  app_quit: [],
  settings_get: [],
  settings_set: ["settings"],
  desktop_get: [],
  desktop_set: ["desktop"],
  providers_list: [],
  providers_own: [],
  providers_add_custom: ["providers"],
  workspaces_list: [],
  workspaces_use: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  workspaces_add: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  workspaces_set: ["app", "workspaces", "servers"],
  workspaces_remove: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  workspaces_organizations: [],
  workspaces_use_organization: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  workspaces_open_dashboard: [],
  sessions_sign_in: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  sessions_wait: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  sessions_open: [],
  sessions_code: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  sessions_cancel: [],
  sessions_sign_out: ["app", "workspaces", "keys", "servers", "clients", "connections", "activity"],
  servers_list: [],
  servers_sign_in: ["servers", "activity"],
  servers_sign_out: ["servers", "activity"],
  keys_list: [],
  keys_show: [],
  keys_create: ["app", "keys", "activity"],
  keys_rename: ["keys", "clients", "connections", "activity"],
  keys_update: ["keys", "activity"],
  keys_paste: ["app", "keys", "activity"],
  keys_replace: ["app", "keys", "clients", "connections", "activity"],
  keys_usage: [],
  keys_hygiene: [],
  keys_trail: [],
  keys_pause: ["keys", "connections", "activity"],
  keys_resume: ["keys", "connections", "activity"],
  keys_copy: [],
  keys_delete: ["app", "keys", "clients", "connections", "activity"],
  keys_revoke_other: ["app", "keys", "clients", "connections", "activity"],
  keys_revoke: ["app", "keys", "clients", "connections", "rotations", "activity"],
  rotations_start: ["app", "keys", "clients", "connections", "rotations", "activity"],
  rotations_plan_all: [],
  rotations_start_all: ["app", "keys", "clients", "connections", "rotations", "activity"],
  rotations_list: [],
  rotations_advance: ["app", "keys", "clients", "connections", "rotations", "activity"],
  rotations_paste: ["app", "keys", "clients", "connections", "rotations", "activity"],
  rotations_retire: ["app", "keys", "clients", "connections", "rotations", "activity"],
  rotations_cancel: ["app", "keys", "clients", "connections", "rotations", "activity"],
  clients_list: [],
  clients_own: [],
  clients_links: ["app", "keys", "clients", "connections", "activity"],
  clients_copy_link: ["activity"],
  clients_open_link: [],
  links_take: [],
  clients_running: [],
  connections_plan: [],
  connections_plan_removal: [],
  connections_apply: ["app", "keys", "clients", "connections", "changes", "activity"],
  connections_list: [],
  connections_drift: [],
  connections_plan_repair: [],
  connections_probe: ["keys", "activity"],
  changes_list: [],
  changes_preview: [],
  changes_undo: ["app", "keys", "clients", "connections", "changes", "activity"],
  activity_list: [],
  activity_export: [],
  places_list: [],
  places_open: [],
  removal_preview: [],
  removal_apply: ["app", "workspaces", "keys", "servers", "clients", "connections", "changes", "rotations", "activity"],
  doctor_run: ["app", "clients", "connections", "activity"],
};
