import { Switch } from "@mantine/core";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { IconClipboard, IconKey, IconPlus, IconRefresh, IconSearch, IconUserCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import {
  lazy,
  memo,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type KeyView, Problem, useView } from "../../ipc";
import { Button, Kbd, SearchField, Skeleton, Spinner } from "../../shared/controls";
import { EmptyState } from "../../shared/EmptyState";
import { useErrands } from "../../shared/errands";
import { isSomethingOverThePage } from "../../shared/overThePage";
import { Page } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { useScroller } from "../../shared/Scroller";
import { toastProblem } from "../../shared/toast";
import { useProvider } from "../../shared/useProvider";
import { goToKey, useKeyInAddress } from "./address";
import { type BulkKind, sortOut } from "./bulk";
import { PAGE } from "./firstPage";
import { type Card, Hygiene, idsOf } from "./Hygiene";
import { KeyDialogs, type Open } from "./KeyDialogs";
import { KeyList, KeyListSkeleton } from "./KeyList";
import classes from "./KeysPage.module.css";
import { Budget, Stale } from "./Notices";
import { offersOf, othersOffers } from "./offers";
import { useOrder } from "./order";
import { firstKeys, useKeys, usePicked } from "./queries";
import { MOST_CHOSEN, useSelection } from "./useSelection";
import { useShown } from "./useShown";
import { keysWords as words } from "./words";

const SelectionBar = lazy(() => import("./SelectionBar").then((module) => ({ default: module.SelectionBar })));
const KeyDetails = lazy(() => import("./KeyDetails").then((module) => ({ default: module.KeyDetails })));

const DEBOUNCE_MS = 120;
/** From here on a key has a page of its own, and no drawer over the list. */
const WIDE = "(min-width: 1080px)";

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
export const KeysPage = memo(function KeysPage({ signedIn, onSignIn, asked = null, onShown = nothing }: KeysPageProps) {
  const client = useQueryClient();
  const scroller = useScroller();
  const wide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false }) ?? false;
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), DEBOUNCE_MS);
  const [pagesInSight, setPagesInSight] = useState<readonly number[]>([]);
  const [everybody, setEverybody] = useState(false);
  const [kept, keep] = useOrder();
  const [open, setOpen] = useState<Open | null>(null);
  const [card, setCard] = useState<Card | null>(null);
  // The key that was opened last, as the list had it: it shows at once.
  const [listed, setListed] = useState<KeyView | null>(null);
  const { provider, workspace, can } = useProvider();
  const here = workspace?.id;
  const inAddress = useKeyInAddress(here);
  const offers = useMemo(() => {
    const own = offersOf({ provider, can: (capability) => provider?.capabilities.includes(capability) ?? false });
    return everybody ? othersOffers(own) : own;
  }, [provider, everybody]);
  const makes = can("create");
  const wanted = useMemo(() => ({ search, everybody, order: kept }), [search, everybody, kept]);
  const { first, rows, total, problem, retryOthers } = useKeys(wanted, pagesInSight, signedIn);
  const hygiene = useView("keys_hygiene", {}, { enabled: signedIn && card !== null });
  const ids = useMemo(() => (card === null ? null : idsOf(hygiene.data, card, here ?? "")), [card, hygiene.data, here]);
  const picked = usePicked(ids, first.data?.keys ?? []);
  // Lines are drawn between frames, so that the next letter does not wait for what the last one found.
  const drawn = useDeferredValue(rows);
  const lines = drawn.count === 0 ? rows : drawn;
  const shownRows = ids === null ? lines : picked.rows;
  const selection = useSelection(shownRows);
  const [reading, setReading] = useState(false);
  const filter = useRef<HTMLInputElement>(null);

  const show = useCallback(
    (opened: Open) => {
      if (opened.dialog !== "details" || everybody) return setOpen(opened);
      setListed(opened.target);
      if (here !== undefined) goToKey({ workspace: here, id: opened.target.id });
    },
    [everybody, here],
  );
  const showOwn = (target: KeyView) => {
    setEverybody(false);
    setListed(target);
    if (here !== undefined) goToKey({ workspace: here, id: target.id });
  };
  useShown(asked, showOwn, onShown);

  const create = () => setOpen({ dialog: "create" });
  const paste = () => setOpen({ dialog: "paste", target: null });
  const rotateAll = () => setOpen({ dialog: "rotate-all" });
  const clear = () => {
    setTyped("");
    filter.current?.focus();
  };
  useErrands(
    {
      "new-key": makes ? create : paste,
      "paste-key": paste,
      "search-keys": () => filter.current?.focus(),
      "rotate-all": rotateAll,
      "show-key": showOwn,
    },
    signedIn && provider !== null,
  );

  const chooseAll = useCallback(() => {
    if (ids !== null || shownRows.keys <= PAGE) {
      const here = Array.from({ length: shownRows.count }, (_, index) => shownRows.at(index));
      selection.set(here.flatMap((row) => (row.kind === "key" ? [row.key] : [])));
      return;
    }
    setReading(true);
    firstKeys(client, wanted, MOST_CHOSEN)
      .then(selection.set, (thrown) => toastProblem(Problem.from(thrown)))
      .finally(() => setReading(false));
  }, [client, ids, shownRows, selection, wanted]);
  const bulk = (kind: BulkKind) => {
    const { go, left } = sortOut(kind, selection.chosen.values());
    const [only] = go;
    // One key has the dialog that one key has.
    if (
      only !== undefined &&
      selection.chosen.size === 1 &&
      (kind === "revoke" || kind === "forget" || kind === "rotate")
    ) {
      return setOpen({ dialog: kind === "rotate" ? "rotate" : "revoke", target: only });
    }
    setOpen({
      dialog: "bulk",
      bulk: { kind, keys: go, left, elsewhere: 0, every: false, byHand: !makes, others: everybody, problem: null },
    });
  };
  const onOver = (done: readonly string[]) => {
    const gone = new Set(done);
    selection.set([...selection.chosen.values()].filter(({ id }) => !gone.has(id)));
  };

  // One thing at a time: the selection, then the card.
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const { target, key } = event;
    if (event.defaultPrevented || isSomethingOverThePage()) return;
    if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
    const all = key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && !event.altKey;
    const onPage = inAddress !== null && wide && !everybody;
    // From the title or the filter, an arrow leads into the list.
    if (key === "ArrowDown" && (target === document.body || target instanceof HTMLHeadingElement)) return enterList();
    if (key === "Escape" && onPage) goToKey(null);
    else if (key === "Escape" && selection.chosen.size > 0) selection.clear();
    else if (key === "Escape" && card !== null) setCard(null);
    else if (all && !onPage && shownRows.keys > 0) chooseAll();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  const details = inAddress !== null && signedIn && !everybody && provider !== null && workspace !== null;
  const onPage = details && wide;
  // Back from the page of a key, the list stands where it stood.
  const stood = useRef(0);
  useLayoutEffect(() => {
    if (scroller === null) return;
    scroller.scrollTop = onPage ? 0 : stood.current;
    if (onPage) return;
    const note = () => {
      stood.current = scroller.scrollTop;
    };
    scroller.addEventListener("scroll", note, { passive: true });
    return () => scroller.removeEventListener("scroll", note);
  }, [onPage, scroller]);

  const empty = first.data !== undefined && total === 0;
  const bare = empty && search === "" && !everybody && !first.isPlaceholderData;
  const retry = () => {
    if (first.error !== null) void first.refetch();
    retryOthers();
  };
  const sortable = ids === null && (offers.sort || rows.keys <= PAGE);
  const dialogs =
    open === null || provider === null || workspace === null ? null : (
      <KeyDialogs
        open={open}
        provider={provider}
        workspace={workspace}
        offers={offers}
        onOpen={setOpen}
        onOver={onOver}
        onGone={() => {
          if (inAddress !== null) goToKey(null);
        }}
        onReplaced={(id) => {
          if (inAddress !== null) goToKey({ workspace: workspace.id, id });
        }}
      />
    );
  const key = details ? (
    <Suspense fallback={null}>
      <KeyDetails
        key={inAddress}
        id={inAddress}
        listed={listed?.id === inAddress ? listed : null}
        wide={wide}
        provider={provider}
        offers={offers}
        onClose={() => goToKey(null)}
        onOpen={setOpen}
      />
    </Suspense>
  ) : null;
  if (onPage) {
    return (
      <>
        {key}
        {dialogs}
      </>
    );
  }

  return (
    <Page
      title={words.title}
      actions={
        signedIn && provider !== null ? (
          <>
            {offers.rotate && !bare ? (
              <Button variant="default" icon={<IconRefresh size={14} aria-hidden="true" />} onClick={rotateAll}>
                {words.rotateAll}
              </Button>
            ) : null}
            <Button
              variant={makes ? "default" : "filled"}
              icon={<IconClipboard size={14} aria-hidden="true" />}
              onClick={paste}
            >
              {words.pasteKey}
            </Button>
            {makes ? (
              <Button icon={<IconPlus size={14} aria-hidden="true" />} onClick={create}>
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
            <SearchField
              ref={filter}
              className={classes.filter}
              aria-label={words.filter}
              placeholder={words.filter}
              icon={<IconSearch size={14} aria-hidden="true" />}
              aside={
                typed === "" ? (
                  <Kbd>/</Kbd>
                ) : first.isPlaceholderData ? (
                  <Spinner size={12} aria-label={words.searching} />
                ) : null
              }
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Escape" && typed !== "") setTyped("");
                if (event.key === "ArrowDown") enterList();
              }}
            />
            <span className={classes.found} role="status">
              {first.data === undefined || search === "" ? null : words.found(total)}
            </span>
            {can("everybody") ? (
              <Switch
                className={classes.everybody}
                label={words.everybody}
                labelPosition="left"
                checked={everybody}
                onChange={(event) => {
                  setEverybody(event.currentTarget.checked);
                  setCard(null);
                  selection.clear();
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
            <Hygiene
              workspace={workspace.id}
              chosen={card}
              onChoose={(wantedCard) => {
                setCard(wantedCard);
                selection.clear();
              }}
            />
          )}
          {first.data?.stale == null ? null : (
            <Stale problem={first.data.stale} onRetry={() => void first.refetch()} retrying={first.isFetching} />
          )}
          {first.error !== null ? null : first.data === undefined ? (
            <KeyListSkeleton />
          ) : ids === null && empty ? (
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
            <KeyList
              key={card ?? "all"}
              rows={shownRows}
              onPages={ids === null ? setPagesInSight : noPages}
              offers={offers}
              selection={selection}
              onOpen={show}
              order={sortable ? kept : null}
              onOrder={sortable ? keep : null}
              onAll={chooseAll}
            />
          )}
          {ids !== null && picked.waiting ? <Skeleton height={40} /> : null}
          {ids !== null && ids.length > PAGE ? <p className={classes.budget}>{words.cut(PAGE)}</p> : null}
          {selection.chosen.size === 0 ? null : (
            <Suspense fallback={null}>
              <SelectionBar
                chosen={selection.chosen}
                total={shownRows.keys}
                offers={offers}
                reading={reading}
                onAll={chooseAll}
                onClear={selection.clear}
                onBulk={bulk}
              />
            </Suspense>
          )}
          <Budget budget={first.data?.budget ?? null} style={provider?.key} />
        </>
      )}
      {key}
      {dialogs}
    </Page>
  );
});

/** Gives the focus to the line of the list that keys go to. */
function enterList(): void {
  document.querySelector<HTMLElement>('[role="grid"] [data-index][tabindex="0"]')?.focus();
}
