import { type KeyboardEvent, type ReactNode, useId, useState } from "react";

interface Tab {
  name: string;
  label: ReactNode;
  panel: ReactNode;
}

interface TabsProps {
  tabs: readonly Tab[];
  /** Which is open at first; without it, the first one. */
  first?: string;
  "aria-label"?: string;
  /** The tabs stand one below the other, beside what they open. */
  upright?: boolean;
  /** What is not open goes on out of sight. */
  kept?: boolean;
  /** Below the tabs, whichever is open. */
  aside?: ReactNode;
  /** Of the whole, of what the tabs stand in, of the tabs, of each tab and of what it opens. */
  classNames: Partial<Record<"root" | "side" | "list" | "tab" | "panel", string | undefined>>;
}

/** A few views, of which one is open. Arrows go from tab to tab, and open it. */
export function Tabs({ tabs, first, upright = false, kept = false, aside, classNames, ...named }: TabsProps) {
  const id = useId();
  const [chosen, setChosen] = useState(first);
  const at = Math.max(
    0,
    tabs.findIndex(({ name }) => name === chosen),
  );
  const open = tabs[at];
  const tabId = (name: string) => `${id}tab-${name}`;
  const panelId = (name: string) => `${id}panel-${name}`;
  const move = (event: KeyboardEvent) => {
    const to = target(event.key, upright, at, tabs.length);
    const next = to === undefined ? undefined : tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next.name);
    document.getElementById(tabId(next.name))?.focus();
  };
  return (
    <div className={classNames.root}>
      <div className={classNames.side}>
        <div
          {...named}
          role="tablist"
          aria-orientation={upright ? "vertical" : "horizontal"}
          className={classNames.list}
          onKeyDown={move}
        >
          {tabs.map((tab) => (
            <button
              key={tab.name}
              type="button"
              role="tab"
              id={tabId(tab.name)}
              aria-selected={tab === open}
              aria-controls={kept || tab === open ? panelId(tab.name) : undefined}
              tabIndex={tab === open ? 0 : -1}
              className={classNames.tab}
              onClick={() => setChosen(tab.name)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {aside}
      </div>
      {tabs
        .filter((tab) => kept || tab === open)
        .map((tab) => (
          <div
            key={tab.name}
            role="tabpanel"
            id={panelId(tab.name)}
            aria-labelledby={tabId(tab.name)}
            hidden={tab !== open}
            className={classNames.panel}
          >
            {tab.panel}
          </div>
        ))}
    </div>
  );
}

/** Which tab a key leads to, around the ends. */
function target(key: string, upright: boolean, at: number, count: number): number | undefined {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === (upright ? "ArrowDown" : "ArrowRight")) return (at + 1) % count;
  if (key === (upright ? "ArrowUp" : "ArrowLeft")) return (at + count - 1) % count;
  return undefined;
}
