import type { QueryClient } from "@tanstack/react-query";
import { memo } from "react";
import { fetchView } from "../../ipc";
import { Tabs } from "../../shared/controls";
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
export const ActivityPage = memo(function ActivityPage() {
  return (
    <Page title={words.title} about={words.about}>
      <Tabs
        tabs={[
          { name: "trail", label: words.trail, panel: <Trail /> },
          { name: "changes", label: words.changes, panel: <Changes /> },
        ]}
        classNames={{ list: classes.tabs, tab: classes.tab }}
      />
    </Page>
  );
});
