import type { KeyView, ProviderView } from "../../ipc";
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
  /** The product puts keys in order; otherwise only a list of one page can be. */
  sort: boolean;
  /** Everybody's keys can be listed, by an administrator. */
  everybody: boolean;
  /** These are everybody's: what is not stowed here is somebody else's. */
  others: boolean;
  /** A new key in place of one whose secret is elsewhere. */
  replace: boolean;
  /** Makes way for another while its clients go on, by the API or, where that can do neither, by hand. */
  rotate: boolean;
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
    scopes: can("update_scopes") && provider !== null && hasScopes(provider),
    mcp: can("mcp_access"),
    usage: can("usage"),
    expire: can("expire"),
    // Where the product keeps no list, this computer does, and puts it in order.
    sort: can("sort") || (known && !can("list")),
    everybody: can("everybody"),
    others: false,
    replace: all("create", "delete"),
    rotate: all("create", "delete") || (known && !can("create")),
    remove: can("delete") ? "revoke" : known && !can("list") ? "forget" : null,
  };
}

/** What can be done with keys in everybody's list: they are looked at and revoked. */
export function othersOffers({ remove, sort }: Offers): Offers {
  return {
    create: false,
    rename: false,
    pause: false,
    scopes: false,
    mcp: false,
    usage: false,
    expire: false,
    sort,
    everybody: true,
    others: true,
    replace: false,
    rotate: false,
    remove: remove === "revoke" ? "revoke" : null,
  };
}

/** Whether keys of a product can have scopes that are named here. */
export function hasScopes({ scopes, moreScopes }: ProviderView): boolean {
  return scopes.length > 0 || moreScopes;
}

/** Whether anything about what a key may do can be changed. */
export function hasLimits(offers: Offers, target: KeyView): boolean {
  return target.state !== "expired" && (offers.scopes || offers.mcp);
}
