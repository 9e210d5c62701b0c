import { IconPlugConnected, IconUserCircle } from "@tabler/icons-react";
import type { QueryClient } from "@tanstack/react-query";
import { memo, useMemo, useState } from "react";
import { type ClientView, fetchView, useView } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { EmptyState } from "../../shared/EmptyState";
import { useErrands } from "../../shared/errands";
import { Page, Section } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import type { Wish } from "../../shared/plan";
import { useSteady } from "../../shared/useSteady";
import { Absent } from "./Absent";
import { ByLink } from "./ByLink";
import { ClientCard } from "./ClientCard";
import { ConnectFlow } from "./ConnectFlow";
import classes from "./ConnectPage.module.css";
import { Links } from "./Links";
import { ManageDrawer } from "./ManageDrawer";
import { Servers } from "./Servers";
import { stateOf } from "./state";
import { connectWords as words } from "./words";

/** What is above the cards and below them in the window, and how far below each other their rows are, in pixels. */
const CARDS = { above: 126, below: 28, step: 154, beside: 3 };

/** How many cards a window of this height shows at once; no wider one has more of them beside each other. */
function cardsInSight(): number {
  const height = Math.max(0, window.innerHeight - CARDS.above - CARDS.below);
  return Math.ceil(height / CARDS.step) * CARDS.beside;
}

interface ConnectPageProps {
  signedIn: boolean;
  onSignIn: () => void;
}

interface Underway {
  title: string;
  wish: Wish;
  client?: ClientView | undefined;
  said?: string;
}

/** Asks for what the page shows before it is opened. */
export function askAhead(client: QueryClient): Promise<void>[] {
  return [fetchView(client, "clients_list", {}), fetchView(client, "servers_list", {})];
}

/** The clients of this computer, and what connects them. */
export const ConnectPage = memo(function ConnectPage({ signedIn, onSignIn }: ConnectPageProps) {
  const clients = useView("clients_list", {}, { lookAgain: true });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [managed, setManaged] = useState<string | null>(null);
  const [linked, setLinked] = useState<ClientView | null>(null);
  const [underway, setUnderway] = useState<Underway | null>(null);

  const { all, found, linkable, absent } = useMemo(() => groupsOf(clients.data ?? []), [clients.data]);
  const [inSight] = useState(cardsInSight);
  const below = found.length >= inSight;
  const chosen = found.filter((client) => selected.has(client.id) && stateOf(client) === "none");
  const managedClient = found.find((client) => client.id === managed && client.connections.length > 0);

  const select = useSteady((id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  });
  const connect = (wanted: readonly ClientView[]) => {
    if (!signedIn) return onSignIn();
    setUnderway({
      title: words.preview.connect(wanted.map(({ name }) => name)),
      wish: { does: "connect", clients: wanted.map(({ id }) => id) },
      client: wanted.length === 1 ? wanted[0] : undefined,
    });
  };
  const connectOne = useSteady((client: ClientView) => connect([client]));
  const showLinks = useSteady((client: ClientView) => (signedIn ? setLinked(client) : onSignIn()));
  useErrands(
    { connect: (id) => connect(all.filter((client) => client.id === id)), manage: setManaged },
    clients.data !== undefined,
  );

  return (
    <Page
      title={words.title}
      about={words.about}
      actions={
        found.length === 0 ? null : (
          <Button onClick={() => connect(chosen)} disabled={chosen.length === 0}>
            {words.connectSelected(chosen.length)}
          </Button>
        )
      }
    >
      {clients.isPending ? (
        <Waiting />
      ) : clients.error !== null ? (
        <ProblemAlert problem={clients.error} onRetry={() => void clients.refetch()} retrying={clients.isFetching} />
      ) : (
        <>
          <Section title={words.found} count={found.length || undefined}>
            {!signedIn && found.every((client) => stateOf(client) === "none") ? (
              <EmptyState
                icon={IconUserCircle}
                title={words.signedOut.title}
                text={words.signedOut.text}
                action={<Button onClick={onSignIn}>{words.signedOut.action}</Button>}
              />
            ) : found.length === 0 ? (
              <EmptyState
                icon={IconPlugConnected}
                title={words.none.title}
                text={words.none.text}
                action={
                  <Button onClick={() => void clients.refetch()} loading={clients.isFetching}>
                    {words.none.action}
                  </Button>
                }
              />
            ) : (
              <div className={classes.grid}>
                {found.map((client, nth) => (
                  <ClientCard
                    key={client.id}
                    client={client}
                    selected={selected.has(client.id)}
                    below={nth >= inSight}
                    onSelect={select}
                    onConnect={connectOne}
                    onManage={setManaged}
                  />
                ))}
              </div>
            )}
          </Section>
          {linkable.length === 0 ? null : <ByLink clients={linkable} onLinks={showLinks} below={below} />}
          {signedIn ? <Servers below={below} /> : null}
          {absent.length === 0 ? null : <Absent clients={absent} onConnect={connectOne} below={below} />}
        </>
      )}
      {managedClient === undefined || underway !== null ? null : (
        <ManageDrawer
          client={managedClient}
          onClose={() => setManaged(null)}
          onDisconnect={() =>
            setUnderway({
              title: words.preview.disconnect(managedClient.name),
              wish: { does: "disconnect", clients: [managedClient.id] },
              said: words.disconnected(managedClient.name),
            })
          }
          onLinks={() => {
            setManaged(null);
            setLinked(managedClient);
          }}
          onRepair={(connection, action) =>
            setUnderway({
              title: words.preview.repair[action](managedClient.name),
              wish: { does: "repair", connections: [connection.id], action },
              said: words.repaired[action](managedClient.name),
            })
          }
        />
      )}
      {linked === null ? null : <Links client={linked} onClose={() => setLinked(null)} />}
      {underway === null ? null : (
        <ConnectFlow
          {...underway}
          reloadOf={(id) => all.find((client) => client.id === id)?.reload ?? "restart"}
          onClose={() => {
            setUnderway(null);
            setManaged(null);
            setSelected(new Set());
          }}
        />
      )}
    </Page>
  );
});

/** Where each client stands on the page; some stand in two places. */
function groupsOf(all: readonly ClientView[]) {
  const byLink = all.filter((client) => client.targets.length === 0);
  const found = all.filter((client) => !byLink.includes(client) && (client.found || client.connections.length > 0));
  const linkable = [...byLink, ...found.filter(({ links }) => links)];
  const absent = all.filter((client) => !byLink.includes(client) && !found.includes(client));
  return { all, found, linkable, absent };
}

function Waiting() {
  return (
    <Section title={words.found}>
      <div className={classes.grid} aria-hidden="true">
        {["a", "b", "c"].map((id) => (
          <div key={id} className={classes.ghost}>
            <div className={classes.ghostHead}>
              <Skeleton width={32} height={32} />
              <div>
                <Skeleton width={96} height={12} />
                <Skeleton width={72} height={10} margin="10px 0 0" />
              </div>
            </div>
            <Skeleton width="80%" height={10} />
          </div>
        ))}
      </div>
    </Section>
  );
}
