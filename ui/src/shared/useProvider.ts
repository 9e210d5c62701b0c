import { type ProviderView, useView, type WorkspaceView } from "../ipc";

/** What a provider's remote API can do, as its file says it. */
export type Capability =
  | "list"
  | "search"
  | "paginate"
  | "sort"
  | "create"
  | "rename"
  | "update_scopes"
  | "expire"
  | "pause"
  | "delete"
  | "usage"
  | "activity"
  | "workspaces"
  | "everybody"
  | "mcp_access";

export interface CurrentProvider {
  workspace: WorkspaceView | null;
  /** `null` before it is known. */
  provider: ProviderView | null;
  /** False before it is known: nothing is offered that may not work. */
  can: (capability: Capability) => boolean;
}

/** The provider of the workspace in use. */
export function useProvider(): CurrentProvider {
  const status = useView("app_status", {});
  const providers = useView("providers_list", {});
  const workspace = status.data?.workspace ?? null;
  const provider = providers.data?.find(({ id }) => id === workspace?.provider) ?? null;
  return { workspace, provider, can: (capability) => provider?.capabilities.includes(capability) ?? false };
}
