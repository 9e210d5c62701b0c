import { Checkbox, Radio, TextInput } from "@mantine/core";
import type { ProviderView } from "../../ipc";
import { LISTS, type Limits } from "./limits";
import classes from "./limits.module.css";
import { ScopePicker } from "./ScopePicker";
import { limitWords as words } from "./words";

interface LimitFieldsProps {
  provider: ProviderView;
  limits: Limits;
  onChange: (limits: Limits) => void;
  /** Whether scopes are offered. */
  scopes: boolean;
  /** Whether what holds over MCP is offered. */
  mcp: boolean;
}

/** What a key may do, as far as its product can limit it. */
export function LimitFields({ provider, limits, onChange, scopes, mcp }: LimitFieldsProps) {
  const { presets } = provider;
  return (
    <>
      {mcp && presets.length > 0 ? (
        <Radio.Group label={words.preset} value={limits.preset} onChange={(preset) => onChange({ ...limits, preset })}>
          <div className={classes.choices}>
            {presets.some(({ id }) => id === "full") ? null : (
              <Radio value="" label={words.noPreset} description={words.noPresetNote} />
            )}
            {presets.map(({ id, about }) => (
              <Radio key={id} value={id === "full" ? "" : id} label={id} description={about} />
            ))}
          </div>
        </Radio.Group>
      ) : null}
      {scopes ? (
        <ScopePicker
          scopes={provider.scopes}
          more={provider.moreScopes}
          chosen={limits.scopes}
          onChange={(chosen) => onChange({ ...limits, scopes: chosen })}
        />
      ) : null}
      {mcp ? (
        <>
          <Checkbox
            label={words.readOnly}
            description={words.readOnlyNote}
            checked={limits.readOnly}
            onChange={(event) => onChange({ ...limits, readOnly: event.currentTarget.checked })}
          />
          <details className={classes.more}>
            <summary className={classes.summary}>{words.more}</summary>
            <div className={classes.lists}>
              {presets.length > 0 ? null : (
                <TextInput
                  label={words.presetNamed}
                  description={words.presetNamedNote}
                  value={limits.preset}
                  spellCheck={false}
                  onChange={(event) => onChange({ ...limits, preset: event.currentTarget.value.trim() })}
                />
              )}
              {LISTS.map((list) => (
                <TextInput
                  key={list}
                  label={words.lists[list].title}
                  description={words.lists[list].text}
                  value={limits[list]}
                  spellCheck={false}
                  onChange={(event) => onChange({ ...limits, [list]: event.currentTarget.value })}
                />
              ))}
            </div>
          </details>
        </>
      ) : null}
    </>
  );
}
