import type { KeyView } from "../../ipc";
import type { Capability, CurrentProvider } from "../../shared/useProvider";

/** What can be done with keys in the workspace in use. What a product cannot do is not offered. */
export interface Offers {
  create: boolean;
  rename: boolean;
  pause: boolean;
  /** Scopes can be changed. */
  scopes: boolean;
  /** What holds over MCP can be changed. */
  mcp: boolean;
  usage: boolean;
  expire: boolean;
  /** A new key in place of one whose secret is elsewhere. */
  replace: boolean;
  /** Revoked at the product, or only forgotten here because its dashboard alone can revoke. */
  remove: "revoke" | "forget" | null;
}

export function offersOf({ provider, can }: Pick<CurrentProvider, "provider" | "can">): Offers {
  const all = (...needed: readonly Capability[]) => needed.every(can);
  const known = provider !== null;
  return {
    create: can("create"),
    // Where the product keeps no list, the name is this computer's own.
    rename: can("rename") || (known && !can("list")),
    pause: can("pause"),
    scopes: can("update_scopes") && provider !== null && provider.scopes.length > 0,
    mcp: can("mcp_access"),
    usage: can("usage"),
    expire: can("expire"),
    replace: all("create", "delete"),
    remove: can("delete") ? "revoke" : known && !can("list") ? "forget" : null,
  };
}

/** Whether anything about what a key may do can be changed. */
export function hasLimits(offers: Offers, target: KeyView): boolean {
  return target.state !== "expired" && (offers.scopes || offers.mcp);
}
