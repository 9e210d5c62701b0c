import * as activity from "../features/activity/words.de";
import * as connect from "../features/connect/words.de";
import * as firstRun from "../features/first-run/words.de";
import * as keys from "../features/keys/words.de";
import * as links from "../features/links/words.de";
import * as rotations from "../features/rotations/words.de";
import * as settings from "../features/settings/words.de";
import * as addWorkspace from "../shared/add-workspace/words.de";
import type { Translation } from "../shared/language";
import * as plan from "../shared/plan/words.de";
import * as signIn from "../shared/sign-in/words.de";
import * as shared from "../shared/words.de";
import * as palette from "./palette/words.de";
import * as app from "./words.de";

/** All that the window says, in German. Fetched only where German is spoken. */
export const german: Translation = {
  ...shared,
  ...addWorkspace,
  ...plan,
  ...signIn,
  ...app,
  ...palette,
  ...activity,
  ...connect,
  ...firstRun,
  ...keys,
  ...links,
  ...rotations,
  ...settings,
};
