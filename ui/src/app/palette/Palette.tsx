import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { type AppStatusView, call, type KeyPageView, type Problem, useView, viewKey } from "../../ipc";
import { Spinner } from "../../shared/controls";
import { useProvider } from "../../shared/useProvider";
import { words as common } from "../../shared/words";
import { Keys } from "../Keys";
import { find } from "./find";
import {
  actionLines,
  clientLines,
  type Deeds,
  type Group,
  type Known,
  keyLines,
  type Line,
  pageLines,
  workspaceLines,
} from "./lines";
import classes from "./Palette.module.css";
import { recent, remember } from "./recent";
import { type FrameDeeds, useDeeds } from "./useDeeds";
import { paletteWords as words } from "./words";

const DEBOUNCE_MS = 120;
const KEYS_SHOWN = 8;
const PAGE_OF_LINES = 8;
const ORDER: readonly Group[] = ["recent", "actions", "pages", "keys", "clients", "workspaces", "window"];

export interface PaletteProps extends FrameDeeds {
  status: AppStatusView;
  onClose: () => void;
}

/** Everything one can go to or do, found by typing. The keyboard is enough. */
export function Palette({ status, onClose, ...frame }: PaletteProps) {
  const [typed, setTyped] = useState("");
  const [copying, setCopying] = useState(false);
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const known = useKnown(status);
  const deeds = useDeeds(known, frame, () => {
    setCopying(true);
    setTyped("");
    setChosen(0);
  });
  const keys = useFoundKeys(typed, status.workspace?.signedIn ?? false);
  const answered = keyLines(keys.found, copying, deeds);
  // What was found for other letters is shown meanwhile as far as it fits these.
  const keyRows = keys.waiting ? find(answered, typed) : answered;
  const lines = copying ? keyRows : ordered(linesOf(known, deeds), keyRows, typed);
  const at = Math.min(chosen, Math.max(0, lines.length - 1));
  const line = lines[at];

  useEffect(() => {
    list.current?.querySelector(`[data-index="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const take = ({ id, asks, run }: Line, deed = run) => {
    if (!copying) remember(id);
    if (!asks) onClose();
    deed();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move !== undefined && lines.length > 0) {
      event.preventDefault();
      setChosen(move(at, lines.length));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing && line !== undefined) {
      event.preventDefault();
      const { copy } = line;
      if (!(event.ctrlKey || event.metaKey)) take(line);
      else if (copy !== undefined) take(line, copy);
    } else if (event.key === "Backspace" && typed === "" && copying) setCopying(false);
  };

  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={600}
      yOffset="12vh"
      centered={false}
      classNames={{ content: classes.box }}
    >
      <Modal.Overlay backgroundOpacity={0.36} />
      <Modal.Content aria-label={words.title} radius="md">
        <div className={classes.head}>
          <IconSearch size={16} aria-hidden="true" />
          <input
            className={classes.input}
            role="combobox"
            aria-label={copying ? words.whichKey : words.title}
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={line === undefined ? undefined : `${id}-${at}`}
            aria-autocomplete="list"
            autoComplete="off"
            spellCheck={false}
            placeholder={copying ? words.whichKey : words.open}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setChosen(0);
            }}
            onKeyDown={onKeyDown}
            data-autofocus
          />
          {keys.waiting ? <Spinner aria-hidden="true" /> : null}
        </div>
        <div ref={list} id={`${id}-list`} className={classes.list} role="listbox" aria-label={words.title}>
          {grouped(lines).map(({ group, from, members }) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox has groups, not fieldsets
            <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
              <div id={`${id}-${group}`} className={classes.group} role="presentation">
                {words.groups[group]}
              </div>
              {members.map((member, index) => (
                <Option
                  key={member.id}
                  id={`${id}-${from + index}`}
                  line={member}
                  index={from + index}
                  chosen={from + index === at}
                  onChoose={() => take(member)}
                  onPoint={() => setChosen(from + index)}
                />
              ))}
            </div>
          ))}
        </div>
        {lines.length > 0 || keys.waiting ? null : (
          <p className={classes.empty}>
            {keys.problem !== null ? keys.problem.title : typed === "" ? words.noKey : words.nothing(typed)}
          </p>
        )}
        <p className="ks-hidden" role="status">
          {keys.waiting ? "" : words.found(lines.length)}
        </p>
        <div className={classes.foot} aria-hidden="true">
          <span>
            <Keys keys="↑ ↓" /> {words.choose}
          </span>
          <span>
            <Keys keys="↵" /> {words.run}
          </span>
          {line?.copy === undefined ? null : (
            <span>
              <Keys keys="mod+↵" /> {words.copyIt}
            </span>
          )}
          <span>
            <Keys keys="Esc" /> {common.close}
          </span>
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}

interface OptionProps {
  id: string;
  line: Line;
  index: number;
  chosen: boolean;
  onChoose: () => void;
  onPoint: () => void;
}

function Option({ id, line: { icon: Shape, label, hint, keys }, index, chosen, onChoose, onPoint }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field, which names the chosen line
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
    <div
      id={id}
      className={classes.line}
      role="option"
      aria-selected={chosen}
      data-index={index}
      onClick={onChoose}
      onMouseMove={chosen ? undefined : onPoint}
    >
      <Shape size={16} stroke={1.6} aria-hidden="true" />
      <span className={classes.label}>{label}</span>
      {hint === undefined ? null : <span className={classes.hint}>{hint}</span>}
      {keys === undefined ? null : (
        <span aria-hidden="true">
          <Keys keys={keys} />
        </span>
      )}
    </div>
  );
}

const MOVES: Partial<Record<string, (at: number, of: number) => number>> = {
  ArrowDown: (at, of) => (at + 1) % of,
  ArrowUp: (at, of) => (at + of - 1) % of,
  PageDown: (at, of) => Math.min(at + PAGE_OF_LINES, of - 1),
  PageUp: (at) => Math.max(at - PAGE_OF_LINES, 0),
};

/** Keys that match, a moment after typing has paused. An answer that comes after the next letter is not shown. */
function useFoundKeys(typed: string, enabled: boolean) {
  const [search] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const request = { search: search === "" ? null : search, page: 1, limit: KEYS_SHOWN, everybody: false, order: null };
  const keys = useQuery<KeyPageView, Problem>({
    queryKey: viewKey("keys_list", request),
    queryFn: () => call("keys_list", request),
    enabled,
    placeholderData: keepPreviousData,
  });
  return {
    found: enabled ? (keys.data?.keys ?? []) : [],
    waiting: enabled && (keys.isFetching || search !== typed.trim()),
    problem: keys.error,
  };
}

/** What lines are made of. */
function useKnown(status: AppStatusView): Known {
  const settings = useView("settings_get", {}).data;
  const clients = useView("clients_list", {}).data ?? [];
  const workspaces = useView("workspaces_list", {}).data ?? [];
  const { provider } = useProvider();
  return { status, settings, clients, workspaces, provider };
}

/** All lines but those of keys. */
function linesOf(known: Known, deeds: Deeds): Line[] {
  return [
    ...actionLines(known, deeds),
    ...pageLines(),
    ...clientLines(known.clients),
    ...workspaceLines(known.workspaces, deeds),
  ];
}

/** Before anything is typed, what was done lately comes first; then keys come last, as their answer comes last, too. */
function ordered(lines: readonly Line[], keys: readonly Line[], typed: string): Line[] {
  const inOrder = (some: readonly Line[]) => [...some].sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
  if (typed.trim() !== "") return [...inOrder(find(lines, typed)), ...keys];
  const all = [...lines, ...keys];
  const lately = recent().flatMap((id) => all.find((line) => line.id === id) ?? []);
  const rest = all.filter((line) => !lately.includes(line));
  return [...lately.map((line) => ({ ...line, group: "recent" as const })), ...inOrder(rest)];
}

function grouped(lines: readonly Line[]): { group: Group; from: number; members: Line[] }[] {
  const groups: { group: Group; from: number; members: Line[] }[] = [];
  for (const [index, line] of lines.entries()) {
    const last = groups.at(-1);
    if (last?.group === line.group) last.members.push(line);
    else groups.push({ group: line.group, from: index, members: [line] });
  }
  return groups;
}
