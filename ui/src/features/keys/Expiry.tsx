import { TextInput } from "@mantine/core";
import { Segments } from "../../shared/controls";
import { inLanguage } from "../../shared/language";
import classes from "./limits.module.css";
import { createWords as words } from "./words";

const DAY_MS = 86_400_000;
const DAYS = [30, 90, 365] as const;
const DEFAULT_DAYS = 90;

/** Days as text, `never`, or `date` with the date beside it. */
export interface ExpiryChoice {
  choice: string;
  /** Such as `2027-01-31`. */
  date: string;
}

/** What a product takes by default, within what it allows. */
export function initialExpiry(daysMax: number | null, daysDefault: number | null): ExpiryChoice {
  const wanted = DAYS.find((days) => days === (daysDefault ?? DEFAULT_DAYS) && fits(days, daysMax));
  return { choice: wanted === undefined ? (presets(daysMax)[0] ?? "date") : String(wanted), date: "" };
}

/** Days from now; `null`: never; `undefined`: the date is missing, past or too far away. */
export function daysOf({ choice, date }: ExpiryChoice, daysMax: number | null, now: number): number | null | undefined {
  if (choice === "never") return null;
  if (choice !== "date") return Number(choice);
  const end = new Date(`${date}T23:59:59`).getTime();
  if (Number.isNaN(end) || end <= now) return undefined;
  const days = Math.max(1, Math.floor((end - now) / DAY_MS));
  return fits(days, daysMax) ? days : undefined;
}

const fits = (days: number, daysMax: number | null) => daysMax === null || days <= daysMax;

/** Never is a choice only where the product lets a key live for ever. */
function presets(daysMax: number | null): string[] {
  const days = DAYS.filter((each) => fits(each, daysMax)).map(String);
  return daysMax === null ? [...days, "never"] : days;
}

interface ExpiryProps {
  value: ExpiryChoice;
  daysMax: number | null;
  mistake: string | null;
  onChange: (value: ExpiryChoice) => void;
}

/** Until when: the usual spans, or a date. */
export function Expiry({ value, daysMax, mistake, onChange }: ExpiryProps) {
  const now = Date.now();
  const days = daysOf(value, daysMax, now);
  return (
    <div className={classes.group}>
      <span className={classes.label} id="key-expiry">
        {words.expires}
      </span>
      <Segments
        wide
        aria-labelledby="key-expiry"
        choices={[...presets(daysMax), "date"].map((each) => ({ value: each, label: words.expiry(each) }))}
        value={value.choice}
        onChoose={(choice) => onChange({ ...value, choice })}
      />
      {value.choice === "date" ? (
        <TextInput
          type="date"
          label={words.date}
          description={daysMax === null ? undefined : words.dateMost(daysMax)}
          value={value.date}
          error={mistake}
          min={isoDay(now)}
          {...(daysMax === null ? {} : { max: isoDay(now + daysMax * DAY_MS) })}
          onChange={(event) => onChange({ ...value, date: event.currentTarget.value })}
        />
      ) : null}
      <p className={classes.note} role="status">
        {days === undefined
          ? ""
          : days === null
            ? words.forEver
            : words.until(inLanguage().dayYear.format(now + days * DAY_MS))}
      </p>
    </div>
  );
}

function isoDay(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
