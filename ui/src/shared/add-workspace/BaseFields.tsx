import { Radio, TextInput } from "@mantine/core";
import type { BaseView } from "../../ipc";
import classes from "./AddWorkspace.module.css";
import { addWords as words } from "./words";

/** Where a product is: one of its own addresses, or one that was typed. */
export interface BaseChoice {
  /** URL of a choice; empty: the typed one. */
  chosen: string;
  typed: string;
}

/** The first choice of the product's own, or whatever is known already. */
export function initialBase(base: BaseView | null, known: string | undefined): BaseChoice {
  const choices = base?.choices ?? [];
  const match = choices.find(({ url }) => trimmed(url) === trimmed(known ?? ""));
  if (match !== undefined) return { chosen: match.url, typed: "" };
  if (known !== undefined) return { chosen: "", typed: known };
  return { chosen: choices[0]?.url ?? "", typed: "" };
}

export function urlOf({ chosen, typed }: BaseChoice): string {
  return chosen === "" ? typed.trim() : chosen;
}

const trimmed = (url: string) => url.replace(/\/$/, "");

interface BaseFieldsProps {
  base: BaseView;
  value: BaseChoice;
  mistake: string | null;
  onChange: (value: BaseChoice) => void;
}

/** The product's own addresses, and a field for another one. */
export function BaseFields({ base, value, mistake, onChange }: BaseFieldsProps) {
  return (
    <div className={classes.form}>
      {base.choices.length === 0 ? null : (
        <Radio.Group label={words.base} value={value.chosen} onChange={(chosen) => onChange({ ...value, chosen })}>
          <div className={classes.choices}>
            {base.choices.map(({ title, url }) => (
              <Radio key={url} value={url} label={title} description={url} />
            ))}
            <Radio value="" label={words.ownBase} />
          </div>
        </Radio.Group>
      )}
      {value.chosen === "" ? (
        <TextInput
          label={words.baseLabel}
          placeholder={base.example}
          value={value.typed}
          error={mistake}
          spellCheck={false}
          autoComplete="off"
          inputMode="url"
          data-autofocus={base.choices.length === 0 ? true : undefined}
          onChange={(event) => onChange({ ...value, typed: event.currentTarget.value })}
        />
      ) : null}
    </div>
  );
}
