import { Tabs } from "@mantine/core";
import { Page } from "../../shared/Page";
import classes from "./ActivityPage.module.css";
import { Changes } from "./Changes";
import { Trail } from "./Trail";
import { activityWords as words } from "./words";

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
