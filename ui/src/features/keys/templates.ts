import type { ProviderView, ScopeView } from "../../ipc";
import { type Limits, UNLIMITED } from "./limits";

export type TemplateName = "readOnly" | "reporting" | "full";

export interface Template {
  name: TemplateName;
  limits: Limits;
}

/** Words in the name of a scope that changes something. */
const WRITES = /(?:^|[^a-z])(?:write|manage|admin|create|update|edit|delete|remove|send|publish|control)(?:[^a-z]|$)/i;
/** Words in what is said of a scope that numbers are read with. */
const REPORTS = /\b(?:reports?|reporting|analytics|insights?|usage|metrics|statistics)\b/i;
const READ_ONLY = "read-only";
const REPORTING = "reporting";
const FULL = "full";

/** What a new key can start from, as far as the catalogue of its product tells them apart; none where there is nothing to choose. */
export function templatesOf(provider: ProviderView, offers: { scopes: boolean; mcp: boolean }): Template[] {
  const scopes = offers.scopes ? provider.scopes : [];
  const presets = offers.mcp ? provider.presets.map(({ id }) => id) : [];
  const reading = scopes.filter(({ id }) => !WRITES.test(id));
  const reporting = reading.filter(({ id, about }) => REPORTS.test(`${id} ${about}`));
  const with_ = (chosen: readonly ScopeView[], preset: string): Limits => ({
    ...UNLIMITED,
    scopes: chosen.map(({ id }) => id),
    preset: presets.includes(preset) && preset !== FULL ? preset : "",
    readOnly: offers.mcp && preset !== FULL,
  });
  const found: Template[] = [];
  // Where it is only the product's default by another name, it is no template.
  if (reading.length < scopes.length || presets.includes(READ_ONLY)) {
    found.push({ name: "readOnly", limits: with_(reading, READ_ONLY) });
  }
  if (presets.includes(REPORTING) || (reporting.length > 0 && reporting.length < reading.length)) {
    found.push({ name: "reporting", limits: with_(reporting, REPORTING) });
  }
  if (found.length > 0) found.push({ name: "full", limits: with_(scopes, FULL) });
  // A template that would leave no scope where there are some would be taken for the default.
  return found.filter(({ limits }) => scopes.length === 0 || limits.scopes.length > 0);
}

/** Whether limits are just those of a template. */
export function isLike(limits: Limits, template: Template): boolean {
  const { scopes, ...rest } = template.limits;
  const same = scopes.length === limits.scopes.length && scopes.every((scope) => limits.scopes.includes(scope));
  return (
    same &&
    (["readOnly", "preset", "tools", "mcpPermissions", "projects", "instances"] as const).every(
      (name) => rest[name] === limits[name],
    )
  );
}
