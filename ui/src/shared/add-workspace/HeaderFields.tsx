import { TextInput } from "@mantine/core";
import type { HeaderValueRequest, HeaderView } from "../../ipc";
import { addWords as words } from "./words";

interface HeaderFieldsProps {
  headers: readonly HeaderView[];
  values: Readonly<Record<string, string>>;
  /** Name of the header that is missing. */
  missing: string | null;
  onChange: (values: Record<string, string>) => void;
}

/** What a product wants beside the key, such as the id of a workspace. None of it is secret. */
export function HeaderFields({ headers, values, missing, onChange }: HeaderFieldsProps) {
  return headers.map(({ name, title, about, required }) => (
    <TextInput
      key={name}
      label={required ? title : `${title} (${words.optional})`}
      description={about}
      value={values[name] ?? ""}
      error={missing === name ? words.headerMissing(title) : null}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange({ ...values, [name]: event.currentTarget.value })}
    />
  ));
}

/** What a workspace has already, to start from. */
export function headerValues(headers: readonly HeaderView[]): Record<string, string> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value ?? ""]));
}

/** The header that has no value and needs one. */
export function missingHeader(headers: readonly HeaderView[], values: Readonly<Record<string, string>>): string | null {
  return headers.find(({ name, required }) => required && (values[name] ?? "").trim() === "")?.name ?? null;
}

export function headerRequests(values: Readonly<Record<string, string>>): HeaderValueRequest[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: value.trim() }));
}
