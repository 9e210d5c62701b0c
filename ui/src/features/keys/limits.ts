import type { KeyView } from "../../ipc";

/** What a key may do. */
export interface Limits {
  scopes: readonly string[];
  readOnly: boolean;
  /** Empty: none. */
  preset: string;
  tools: string;
  mcpPermissions: string;
  projects: string;
  instances: string;
}

/** The limits that are typed as words between commas. */
export const LISTS = ["tools", "mcpPermissions", "projects", "instances"] as const;
export type ListName = (typeof LISTS)[number];

export const UNLIMITED: Limits = {
  scopes: [],
  readOnly: false,
  preset: "",
  tools: "",
  mcpPermissions: "",
  projects: "",
  instances: "",
};

/** The limits of a key, to change them. */
export function limitsOf(key: KeyView): Limits {
  return {
    scopes: key.scopes,
    readOnly: key.readOnly,
    preset: key.preset ?? "",
    tools: key.tools.join(", "),
    mcpPermissions: key.mcpPermissions.join(", "),
    projects: key.projects.join(", "),
    instances: key.instances.join(", "),
  };
}

/** `a, b` → `["a", "b"]`. */
export function wordsOf(typed: string): string[] {
  return typed.split(/[\s,]+/).filter((word) => word !== "");
}
