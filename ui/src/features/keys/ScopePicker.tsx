import { Checkbox, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ScopeView } from "../../ipc";
import { Button } from "../../shared/controls";
import classes from "./limits.module.css";
import { limitWords as words } from "./words";

/** More than these are searched. */
const MANY = 8;

interface ScopePickerProps {
  scopes: readonly ScopeView[];
  /** Whether others than these can be typed. */
  more: boolean;
  chosen: readonly string[];
  onChange: (scopes: string[]) => void;
}

/** The scopes a product knows, and those a key has that it does not name. */
export function ScopePicker({ scopes, more, chosen, onChange }: ScopePickerProps) {
  const [search, setSearch] = useState("");
  const known = new Set(scopes.map(({ id }) => id));
  const all = [...scopes, ...chosen.filter((id) => !known.has(id)).map((id) => ({ id, about: "" }))];
  const wanted = search.trim().toLowerCase();
  const shown = all.filter(({ id, about }) => `${id} ${about}`.toLowerCase().includes(wanted));
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>{words.scopes}</legend>
      <p className={classes.note}>{chosen.length === 0 ? words.scopesDefault : words.scopesChosen(chosen.length)}</p>
      {all.length > MANY ? (
        <TextInput
          type="search"
          aria-label={words.searchScopes}
          placeholder={words.searchScopes}
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      ) : null}
      <div className={classes.scopes} data-many={all.length > MANY || undefined}>
        {shown.length === 0 && wanted !== "" ? <p className={classes.note}>{words.noScope(search.trim())}</p> : null}
        {shown.map(({ id, about }) => (
          <Checkbox
            key={id}
            label={<code className={classes.scope}>{id}</code>}
            description={about === "" ? undefined : about}
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
            }
          />
        ))}
      </div>
      {more ? <OtherScope onAdd={(scope) => onChange([...new Set([...chosen, scope])])} /> : null}
    </fieldset>
  );
}

/** One that the list does not name, as the product spells it. */
function OtherScope({ onAdd }: { onAdd: (scope: string) => void }) {
  const [typed, setTyped] = useState("");
  const scope = typed.trim();
  // No spaces: several would look like one.
  const fine = /^[!-~]{1,100}$/.test(scope);
  const add = () => {
    if (!fine) return;
    onAdd(scope);
    setTyped("");
  };
  return (
    <div className={classes.other}>
      <TextInput
        className={classes.otherField}
        label={words.otherScope}
        description={words.otherScopeNote}
        value={typed}
        error={scope === "" || fine ? null : words.otherScopeWrong}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // It adds the scope and does not send the form.
          event.preventDefault();
          add();
        }}
      />
      <Button variant="default" onClick={add} disabled={!fine}>
        {words.addScope}
      </Button>
    </div>
  );
}
