import type { ProviderView } from "../../ipc";
import type { Limits } from "./limits";
import classes from "./limits.module.css";
import { isLike, templatesOf } from "./templates";
import { createWords as words } from "./words";

interface TemplatesProps {
  provider: ProviderView;
  scopes: boolean;
  mcp: boolean;
  limits: Limits;
  onPick: (limits: Limits) => void;
}

/** What a key can start from; all of it can be changed below. */
export function Templates({ provider, scopes, mcp, limits, onPick }: TemplatesProps) {
  const templates = templatesOf(provider, { scopes, mcp });
  if (templates.length === 0) return null;
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>{words.templates}</legend>
      <div className={classes.templates}>
        {templates.map((template) => (
          <button
            key={template.name}
            type="button"
            className={classes.template}
            aria-pressed={isLike(limits, template)}
            onClick={() => onPick(template.limits)}
          >
            {words.template[template.name]}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
