import { IconDownload, IconSearch } from "@tabler/icons-react";
import { type ActivityRequest, useAction, useView } from "../../ipc";
import { Button, SearchField, Select } from "../../shared/controls";
import { copyPath, toast, toastProblem } from "../../shared/toast";
import classes from "./ActivityPage.module.css";
import { activityWords, filterWords as words } from "./words";

/** What the trail is narrowed to. */
export interface Wanted {
  kind: string;
  workspace: string;
  client: string;
  /** Days back from now; 0: any time. */
  days: number;
  text: string;
}

/** What is asked of the native side, but for the page. */
export type TrailRequest = Omit<ActivityRequest, "before" | "limit">;

export const EVERYTHING: Wanted = { kind: "", workspace: "", client: "", days: 0, text: "" };

const KINDS = ["session", "workspace", "server", "key", "rotation", "connection", "change", "doctor"] as const;
const DAYS = [0, 1, 7, 30, 365] as const;
const DAY_MS = 86_400_000;

/** The same as a request; `now` is when it was narrowed, so that the answer does not move under the person's eyes. */
export function requestFor(wanted: Wanted, now: number): TrailRequest {
  return {
    kinds: wanted.kind === "" ? [] : [wanted.kind],
    about: [wanted.workspace, wanted.client, wanted.text.trim()].filter((each) => each !== ""),
    since: wanted.days === 0 ? null : now - wanted.days * DAY_MS,
    until: null,
  };
}

interface TrailFilterProps {
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
  request: TrailRequest;
  /** Nothing stands there that could be exported. */
  empty: boolean;
}

/** One line over the trail: narrow it, and take it along. */
export function TrailFilter({ wanted, onChange, request, empty }: TrailFilterProps) {
  const workspaces = useView("workspaces_list", {});
  const clients = useView("clients_list", {});
  const exported = useAction("activity_export");
  const change = (some: Partial<Wanted>) => onChange({ ...wanted, ...some });
  const narrowed = Object.entries(EVERYTHING).some(([name, value]) => Reflect.get(wanted, name) !== value);
  const write = () =>
    exported.mutate(
      { ...request, before: null, limit: null },
      {
        onSuccess: ({ path, lines }) =>
          toast({
            text: words.exported(lines, path),
            forMs: 12_000,
            action: { label: words.copyPath, run: () => copyPath(path) },
          }),
        onError: toastProblem,
      },
    );
  return (
    <section className={classes.filters} aria-label={words.label}>
      <SearchField
        className={classes.search}
        aria-label={words.text}
        placeholder={words.text}
        icon={<IconSearch size={14} aria-hidden="true" />}
        value={wanted.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === "Escape" && wanted.text !== "") change({ text: "" });
        }}
      />
      <Select
        aria-label={words.kind}
        value={wanted.kind}
        choices={[{ value: "", label: words.anyKind }, ...KINDS.map((value) => ({ value, label: words.kinds[value] }))]}
        onChoose={(kind) => change({ kind })}
      />
      <Select
        aria-label={words.workspace}
        value={wanted.workspace}
        choices={[
          { value: "", label: words.anyWorkspace },
          ...names(workspaces.data?.map(({ name }) => name)).map((name) => ({ value: name, label: name })),
        ]}
        onChoose={(workspace) => change({ workspace })}
      />
      <Select
        aria-label={words.client}
        value={wanted.client}
        choices={[
          { value: "", label: words.anyClient },
          ...names(clients.data?.filter(({ found, links }) => found || links).map(({ name }) => name)).map((name) => ({
            value: name,
            label: name,
          })),
        ]}
        onChoose={(client) => change({ client })}
      />
      <Select
        aria-label={words.time}
        value={wanted.days}
        choices={DAYS.map((days) => ({ value: days, label: words.days(days) }))}
        onChoose={(days) => change({ days })}
      />
      {narrowed ? (
        <Button variant="subtle" onClick={() => onChange(EVERYTHING)}>
          {words.clear}
        </Button>
      ) : null}
      <Button
        className={classes.export ?? ""}
        variant="default"
        icon={<IconDownload size={14} aria-hidden="true" />}
        onClick={write}
        loading={exported.isPending}
        disabled={empty}
        aria-label={words.exportLabel(activityWords.trail)}
      >
        {words.export}
      </Button>
    </section>
  );
}

function names(all: readonly string[] | undefined): string[] {
  return [...new Set(all ?? [])].sort((a, b) => a.localeCompare(b));
}
