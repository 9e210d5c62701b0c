import {
  type Icon,
  IconHistory,
  IconKey,
  IconPlugConnected,
  IconRefresh,
  IconSearch,
  IconSettings,
} from "@tabler/icons-react";
import type { AppStatusView } from "../ipc";
import { number } from "../shared/language";
import { Mark } from "../shared/Mark";
import { Keys } from "./Keys";
import classes from "./Rail.module.css";
import { hrefOf, PAGES, type PageName } from "./router";
import { ACTION_KEYS, ariaKeys, PAGE_KEYS } from "./shortcuts";
import { WorkspaceMenu } from "./WorkspaceMenu";
import { appWords as words } from "./words";

const ICONS: Record<PageName, Icon> = {
  keys: IconKey,
  connect: IconPlugConnected,
  rotations: IconRefresh,
  activity: IconHistory,
  settings: IconSettings,
};

interface RailProps {
  status: AppStatusView;
  page: PageName;
  onSignIn: () => void;
  onPalette: () => void;
}

/** Where one can go, with live counts, and how the keychain is. */
export function Rail({ status, page, onSignIn, onPalette }: RailProps) {
  const { keychain } = status;
  const counts: Partial<Record<PageName, number>> = {
    keys: status.keys,
    connect: status.connections,
    rotations: status.rotations,
  };
  return (
    <div className={classes.rail}>
      <WorkspaceMenu current={status.workspace} onSignIn={onSignIn} />
      <button
        type="button"
        className={classes.search}
        aria-haspopup="dialog"
        aria-keyshortcuts={ariaKeys(ACTION_KEYS.palette)}
        onClick={onPalette}
      >
        <IconSearch size={14} aria-hidden="true" />
        <span className={classes.label}>{words.searchOrDoOpen}</span>
        <span aria-hidden="true">
          <Keys keys={ACTION_KEYS.palette} />
        </span>
      </button>
      <nav className={classes.links} aria-label={words.main}>
        {PAGES.map((name) => {
          const Shape = ICONS[name];
          const count = counts[name] ?? 0;
          return (
            <a
              key={name}
              className={classes.link}
              href={hrefOf(name)}
              aria-current={name === page ? "page" : undefined}
              data-page={name}
            >
              <Shape size={16} stroke={1.6} aria-hidden="true" />
              <span className={classes.label}>{words[name]}</span>
              {count === 0 ? null : (
                <span className={classes.count} role="img" aria-label={words.counts[name](count)}>
                  {number(count)}
                </span>
              )}
              <span className={classes.keys} aria-hidden="true">
                <Keys keys={PAGE_KEYS[name]} />
              </span>
            </a>
          );
        })}
      </nav>
      <div className={classes.keychain} data-keychain={keychain}>
        <Mark tone={keychain === "unlocked" ? "good" : "bad"}>{words.keychainMark[keychain]}</Mark>
      </div>
    </div>
  );
}
