import { Tabs } from "@mantine/core";
import type { QueryClient } from "@tanstack/react-query";
import { fetchView } from "../../ipc";
import { Page } from "../../shared/Page";
import classes from "./ActivityPage.module.css";
import { Changes } from "./Changes";
import { pagesOf, Trail } from "./Trail";
import { EVERYTHING, requestFor } from "./TrailFilter";
import { activityWords as words } from "./words";

/** Asks for what the page shows before it is opened. */
export function askAhead(client: QueryClient): Promise<void>[] {
  return [client.prefetchInfiniteQuery(pagesOf(requestFor(EVERYTHING, 0))), fetchView(client, "clients_list", {})];
}

/** What happened, and what can be taken back. */
export function ActivityPage() {
  return (
    <Page title={words.title} about={words.about}>
      <Tabs defaultValue="trail" keepMounted={false} classNames={{ list: classes.tabs, tab: classes.tab }}>
        <Tabs.List>
          <Tabs.Tab value="trail">{words.trail}</Tabs.Tab>
          <Tabs.Tab value="changes">{words.changes}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="trail">
          <Trail />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          <Changes />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
