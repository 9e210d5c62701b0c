import { IconFolder } from "@tabler/icons-react";
import { type PlaceView, useAction, useView } from "../../ipc";
import { IconButton, Skeleton } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { Section } from "../../shared/Page";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { size } from "../../shared/size";
import { toastProblem } from "../../shared/toast";
import { Setting } from "./Setting";
import classes from "./SettingsPage.module.css";
import { LOOK, TONES } from "./tones";
import { type PlaceName, settingsWords, placeWords as words } from "./words";

/** Where Keystow keeps what: each place with its size, and the way there. */
export function Places() {
  const places = useView("places_list", {}, { lookAgain: true });
  const checks = useView("doctor_run", LOOK);
  const stable = checks.data?.find(({ id }) => id === "stable_path");
  return (
    <Section title={words.title} below>
      {places.error !== null ? (
        <ProblemAlert problem={places.error} onRetry={() => void places.refetch()} retrying={places.isFetching} />
      ) : (
        <div className={classes.panel}>
          {places.data === undefined ? (
            <Waiting />
          ) : (
            places.data.map((place) => (
              <Place
                key={place.id}
                place={place}
                state={
                  place.id !== "program" || stable === undefined ? null : (
                    <Mark tone={TONES[stable.state]}>{settingsWords.state[stable.state]}</Mark>
                  )
                }
              />
            ))
          )}
          <Setting name={words.secrets} note={words.secretsNote}>
            {words.secretsPlace}
          </Setting>
        </div>
      )}
    </Section>
  );
}

function Place({ place, state }: { place: PlaceView; state: React.ReactNode }) {
  const open = useAction("places_open");
  const { name, note } = words.places[known(place.id)];
  return (
    <Setting name={name} note={note}>
      <span className={classes.place}>
        {state}
        {place.exists ? (
          <span className={classes.size}>{size(place.bytes)}</span>
        ) : (
          <span className={classes.size}>{words.nothing}</span>
        )}
        <PathText path={place.path} copies={words.path(name)} />
        <IconButton
          data-tip={words.open(name)}
          aria-label={words.open(name)}
          disabled={!place.exists}
          onClick={() => open.mutate({ place: place.id }, { onError: toastProblem })}
        >
          <IconFolder size={14} aria-hidden="true" />
        </IconButton>
      </span>
    </Setting>
  );
}

/** What a place is called; one that is not known here is among what the programs keep. */
export function known(id: string): PlaceName {
  return PLACES.find((each) => each === id) ?? "running";
}

const PLACES: readonly PlaceName[] = [
  "store",
  "program",
  "workspace",
  "logs",
  "providers",
  "window",
  "autostart",
  "running",
];

const ROWS = ["a", "b", "c", "d", "e", "f"];

function Waiting() {
  return ROWS.map((row) => (
    <div key={row} className={classes.setting} aria-hidden="true">
      <Skeleton width={160} height={12} />
      <Skeleton width={280} height={12} />
    </div>
  ));
}
