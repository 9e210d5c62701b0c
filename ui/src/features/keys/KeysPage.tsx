import { Button, Kbd, Skeleton, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconClipboard, IconKey, IconPlus, IconSearch, IconUserCircle } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { type KeyView, useView } from "../../ipc";
import { EmptyState } from "../../shared/EmptyState";
import { useErrands } from "../../shared/errands";
import { Page } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { useProvider } from "../../shared/useProvider";
import { type Card, Hygiene, idsOf } from "./Hygiene";
import { KeyDialogs, type Open } from "./KeyDialogs";
import { KeyList, KeyListSkeleton } from "./KeyList";
import classes from "./KeysPage.module.css";
import { Budget, Stale } from "./Notices";
import { offersOf, othersOffers } from "./offers";
import { PAGE, useKeys, usePicked } from "./queries";
import { useShown } from "./useShown";
import { keysWords as words } from "./words";

const DEBOUNCE_MS = 120;

const nothing = () => {};

/** A list by ids has no further pages. */
const noPages = () => {};

interface KeysPageProps {
  signedIn: boolean;
  onSignIn: () => void;
  /** The id of a key to show the details of, whatever page it is on. */
  asked?: string | null;
  /** It is shown, or cannot be. */
  onShown?: () => void;
}

/** All keys of the workspace in use. */
export function KeysPage({ signedIn, onSignIn, asked = null, onShown = nothing }: KeysPageProps) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const [pagesInSight, setPagesInSight] = useState<readonly number[]>([]);
  const [everybody, setEverybody] = useState(false);
  const { first, rows, total, problem, retryOthers } = useKeys(search, everybody, pagesInSight, signedIn);
  const [open, setOpen] = useState<Open | null>(null);
  const [card, setCard] = useState<Card | null>(null);
  const current = useProvider();
  const { provider, workspace } = current;
  const own = offersOf(current);
  const offers = everybody ? othersOffers(own) : own;
  const hygiene = useView("keys_hygiene", {}, { enabled: signedIn && card !== null });
  const showOwn = (target: KeyView) => {
    setEverybody(false);
    setOpen({ dialog: "details", target });
  };
  useShown(asked, showOwn, onShown);
  const ids = card === null ? null : idsOf(hygiene.data, card, workspace?.id ?? "");
  const picked = usePicked(ids, first.data?.keys ?? []);
  const filter = useRef<HTMLInputElement>(null);

  const create = () => setOpen({ dialog: "create" });
  const paste = () => setOpen({ dialog: "paste", target: null });
  const clear = () => {
    setTyped("");
    filter.current?.focus();
  };
  useErrands(
    {
      "new-key": own.create ? create : paste,
      "paste-key": paste,
      "search-keys": () => filter.current?.focus(),
      "show-key": showOwn,
    },
    signedIn && provider !== null,
  );
  const empty = first.data !== undefined && total === 0;
  const bare = empty && search === "" && !everybody && !first.isPlaceholderData;
  const retry = () => {
    if (first.error !== null) void first.refetch();
    retryOthers();
  };

  return (
    <Page
      title={words.title}
      actions={
        signedIn && provider !== null ? (
          <>
            <Button
              variant={own.create ? "default" : "filled"}
              leftSection={<IconClipboard size={14} aria-hidden="true" />}
              onClick={paste}
            >
              {words.pasteKey}
            </Button>
            {own.create ? (
              <Button leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={create}>
                {words.newKey}
              </Button>
            ) : null}
          </>
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
          text={offers.create || provider === null ? words.none.text : words.nonePasted.text(provider.name)}
          action={
            provider === null ? null : (
              <Button variant="default" onClick={offers.create ? create : paste}>
                {offers.create ? words.newKey : words.pasteKey}
              </Button>
            )
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
            {own.everybody ? (
              <Switch
                className={classes.everybody}
                label={words.everybody}
                labelPosition="left"
                checked={everybody}
                onChange={(event) => {
                  setEverybody(event.currentTarget.checked);
                  setCard(null);
                }}
              />
            ) : null}
          </div>
          {problem === null ? null : (
            <div className={classes.problem}>
              <ProblemAlert problem={problem} onRetry={retry} retrying={first.isFetching} />
            </div>
          )}
          {workspace === null || everybody ? null : (
            <Hygiene workspace={workspace.id} chosen={card} onChoose={setCard} />
          )}
          {first.data?.stale == null ? null : (
            <Stale problem={first.data.stale} onRetry={() => void first.refetch()} retrying={first.isFetching} />
          )}
          {first.error !== null ? null : first.data === undefined ? (
            <KeyListSkeleton />
          ) : ids !== null ? (
            <>
              <KeyList rows={picked.rows} onPages={noPages} offers={offers} onOpen={setOpen} />
              {picked.waiting ? <Skeleton height={40} aria-hidden="true" /> : null}
              {ids.length > PAGE ? <p className={classes.budget}>{words.cut(PAGE)}</p> : null}
            </>
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
            <KeyList rows={rows} onPages={setPagesInSight} offers={offers} onOpen={setOpen} />
          )}
          <Budget budget={first.data?.budget ?? null} style={provider?.key} />
        </>
      )}
      {open === null || provider === null || workspace === null ? null : (
        <KeyDialogs open={open} provider={provider} workspace={workspace} offers={offers} onOpen={setOpen} />
      )}
    </Page>
  );
}
