import { Button, Drawer } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type KeyView, type ProviderView, useView } from "../../ipc";
import { Mark } from "../../shared/Mark";
import { RelativeTime } from "../../shared/RelativeTime";
import { Tile } from "../../shared/Tile";
import { words as common } from "../../shared/words";
import { budgetText } from "./budget";
import { EditLimits } from "./EditLimits";
import { Expires } from "./Expires";
import classes from "./KeyDetails.module.css";
import { KeyUsage } from "./KeyUsage";
import { hasLimits, type Offers } from "./offers";
import { keysWords, detailWords as words } from "./words";

export interface KeyDetailsProps {
  /** The key as the list has it. */
  listed: KeyView;
  provider: ProviderView;
  offers: Offers;
  onClose: () => void;
  onPaste: (key: KeyView) => void;
  onReplace: (key: KeyView) => void;
  onRevoke: (key: KeyView) => void;
}

/** All about one key: what it may do, what it was used for, who uses it. */
export function KeyDetails({ listed, provider, offers, onClose, onPaste, onReplace, onRevoke }: KeyDetailsProps) {
  // What is somebody else's can be looked at in everybody's list only.
  const shown = useView("keys_show", { key: listed.id }, { enabled: !offers.others });
  const [editing, setEditing] = useState(false);
  const target = shown.data ?? listed;
  const { name, state, stowed, reconnect, usedBy } = target;
  return (
    <Drawer
      opened
      onClose={onClose}
      size={480}
      title={<span className={classes.title}>{name}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.parts}>
        {reconnect === null ? null : (
          <p className={classes.notice} role="status">
            <Mark tone="warn">{reconnect}</Mark>
          </p>
        )}
        {stowed || offers.others ? null : (
          <div className={classes.notice}>
            <p className={classes.text}>{keysWords.notHereNote}</p>
            <div className={classes.buttons}>
              <Button variant="default" onClick={() => onPaste(target)}>
                {keysWords.pasteIt}
              </Button>
              {offers.replace ? (
                <Button variant="default" onClick={() => onReplace(target)}>
                  {keysWords.replaceIt}
                </Button>
              ) : null}
            </div>
          </div>
        )}
        <dl className={classes.facts}>
          <Fact name={words.key}>
            <code>{target.masked}</code>
          </Fact>
          <Fact name={words.state}>
            <Mark tone={state === "enabled" ? "good" : state === "paused" ? "paused" : "warn"}>
              {keysWords.state[state]}
            </Mark>
          </Fact>
          <Fact name={keysWords.columns.expires}>
            <Expires target={target} />
          </Fact>
          {target.createdAt === null ? null : (
            <Fact name={words.created}>
              <RelativeTime at={target.createdAt} />
            </Fact>
          )}
          {target.owner === null ? null : <Fact name={words.owner}>{target.owner}</Fact>}
          {target.budget === null ? null : <Fact name={words.budget}>{budgetText(target.budget)}</Fact>}
        </dl>
        <Part
          title={words.may}
          aside={
            hasLimits(offers, target) && !editing ? (
              <Button variant="default" onClick={() => setEditing(true)}>
                {words.change}
              </Button>
            ) : null
          }
        >
          {editing ? (
            <EditLimits target={target} provider={provider} offers={offers} onDone={() => setEditing(false)} />
          ) : (
            <May target={target} />
          )}
        </Part>
        <Part title={words.usage}>
          {offers.usage ? (
            <KeyUsage id={target.id} />
          ) : (
            <p className={classes.text}>
              {target.lastUsedAt === null ? (
                words.notTold
              ) : (
                <>
                  {words.lastUsed} <RelativeTime at={target.lastUsedAt} />. {words.notMore}
                </>
              )}
            </p>
          )}
        </Part>
        {offers.others ? null : (
          <Part title={keysWords.columns.usedBy}>
            {usedBy.length === 0 ? <p className={classes.text}>{keysWords.noClient}</p> : null}
            <ul className={classes.clients}>
              {usedBy.map((use) => (
                <li key={use.connection}>
                  <Tile id={use.client} name={use.name} size="sm" /> {use.name}
                </li>
              ))}
            </ul>
          </Part>
        )}
        {provider.dashboard === null || provider.dashboard.also.length === 0 ? null : (
          <details className={classes.text}>
            <summary className={classes.summary}>{words.elsewhere(provider.name)}</summary>
            {provider.dashboard.also.map(({ what, steps }) => (
              <section key={what} aria-label={words.capability(what)}>
                <h4 className={classes.barsTitle}>{words.capability(what)}</h4>
                <ol className={classes.steps}>
                  {steps.map((step) => (
                    <li key={step}>{step}</li>
                  ))}
                </ol>
              </section>
            ))}
          </details>
        )}
        {offers.remove === null ? null : (
          <div className={classes.leave}>
            <Button variant="default" color="red" onClick={() => onRevoke(target)}>
              {keysWords.remove[offers.remove]}
            </Button>
          </div>
        )}
      </div>
    </Drawer>
  );
}

/** What a key may do, in words. */
function May({ target }: { target: KeyView }) {
  const { scopes, readOnly, preset } = target;
  const lists = [
    [words.tools, target.tools],
    [words.mcpPermissions, target.mcpPermissions],
    [words.projects, target.projects],
    [words.instances, target.instances],
  ] as const;
  return (
    <dl className={classes.facts}>
      <Fact name={words.scopes}>{scopes.length === 0 ? keysWords.everything : <Names names={scopes} />}</Fact>
      {preset === null ? null : <Fact name={words.preset}>{preset}</Fact>}
      {readOnly ? <Fact name={words.writing}>{words.refused}</Fact> : null}
      {lists.map(([title, names]) =>
        names.length === 0 ? null : (
          <Fact key={title} name={title}>
            <Names names={names} />
          </Fact>
        ),
      )}
    </dl>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return (
    <span className={classes.names}>
      {names.map((name) => (
        <code key={name}>{name}</code>
      ))}
    </span>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface PartProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

function Part({ title, aside, children }: PartProps) {
  return (
    <section className={classes.part} aria-label={title}>
      <div className={classes.partHead}>
        <h3 className={classes.partTitle}>{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}
