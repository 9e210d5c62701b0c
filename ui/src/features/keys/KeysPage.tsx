import { Button, Kbd, TextInput } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { IconKey, IconPlus, IconSearch, IconUserCircle } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { KeyView } from "../../ipc";
import { EmptyState } from "../../shared/EmptyState";
import { Page } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { CreateKey } from "./CreateKey";
import { KeyList, KeyListSkeleton } from "./KeyList";
import classes from "./KeysPage.module.css";
import { useKeys } from "./queries";
import { RevokeKey } from "./RevokeKey";
import { keysWords as words } from "./words";

const DEBOUNCE_MS = 120;

interface KeysPageProps {
  signedIn: boolean;
  onSignIn: () => void;
}

/** All keys of the workspace in use. */
export function KeysPage({ signedIn, onSignIn }: KeysPageProps) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const [pagesInSight, setPagesInSight] = useState<readonly number[]>([]);
  const { first, rows, total, problem, retryOthers } = useKeys(search, pagesInSight, signedIn);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<KeyView | null>(null);
  const filter = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => filter.current?.focus()]]);

  const create = () => setCreating(true);
  const clear = () => {
    setTyped("");
    filter.current?.focus();
  };
  const empty = first.data !== undefined && total === 0;
  const bare = empty && search === "" && !first.isPlaceholderData;
  const retry = () => {
    if (first.error !== null) void first.refetch();
    retryOthers();
  };

  return (
    <Page
      title={words.title}
      actions={
        signedIn ? (
          <Button leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={create}>
            {words.newKey}
          </Button>
        ) : null
      }
    >
      {!signedIn ? (
        <EmptyState
          icon={IconUserCircle}
          title={words.signedOut.title}
          text={words.signedOut.text}
          action={<Button onClick={onSignIn}>{words.signedOut.action}</Button>}
        />
      ) : bare ? (
        <EmptyState
          icon={IconKey}
          title={words.none.title}
          text={words.none.text}
          action={
            <Button variant="default" onClick={create}>
              {words.newKey}
            </Button>
          }
        />
      ) : (
        <>
          <div className={classes.bar}>
            <TextInput
              ref={filter}
              className={classes.filter}
              type="search"
              aria-label={words.filter}
              placeholder={words.filter}
              leftSection={<IconSearch size={14} aria-hidden="true" />}
              rightSection={typed === "" ? <Kbd size="xs">/</Kbd> : null}
              rightSectionPointerEvents="none"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Escape" && typed !== "") setTyped("");
              }}
            />
            <span className={classes.found} role="status">
              {first.data === undefined || search === "" ? null : words.found(total)}
            </span>
          </div>
          {problem === null ? null : (
            <div className={classes.problem}>
              <ProblemAlert problem={problem} onRetry={retry} retrying={first.isFetching} />
            </div>
          )}
          {first.error !== null ? null : first.data === undefined ? (
            <KeyListSkeleton />
          ) : empty ? (
            <EmptyState
              icon={IconSearch}
              title={words.noMatch.title}
              text={words.noMatch.text(search)}
              action={
                <Button variant="default" onClick={clear}>
                  {words.noMatch.action}
                </Button>
              }
            />
          ) : (
            <KeyList rows={rows} onPages={setPagesInSight} onRevoke={setRevoking} />
          )}
        </>
      )}
      {creating ? <CreateKey onClose={() => setCreating(false)} /> : null}
      {revoking === null ? null : <RevokeKey target={revoking} onClose={() => setRevoking(null)} />}
    </Page>
  );
}
