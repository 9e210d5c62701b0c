import { type ReactNode, useState } from "react";
import type { KeyView, ProviderView } from "../../ipc";
import { Button, ButtonLink } from "../../shared/controls";
import { send } from "../../shared/errands";
import { Mark } from "../../shared/Mark";
import { RelativeTime } from "../../shared/RelativeTime";
import { Tile } from "../../shared/Tile";
import { budgetText } from "./budget";
import { EditLimits } from "./EditLimits";
import { Expires } from "./Expires";
import classes from "./KeyDetails.module.css";
import { KeyTrail } from "./KeyTrail";
import { KeyUsage } from "./KeyUsage";
import { hasLimits, type Offers } from "./offers";
import { keysWords, detailWords as words } from "./words";

interface KeyBodyProps {
  target: KeyView;
  provider: ProviderView;
  offers: Offers;
  /** Room for two columns. */
  wide: boolean;
  onPaste: () => void;
  onReplace: () => void;
}

/** What there is to know of a key: its use and its trail, and beside them what it is, what it may do and who uses it. */
export function KeyBody({ target, provider, offers, wide, onPaste, onReplace }: KeyBodyProps) {
  const { stowed, reconnect } = target;
  const usage = (
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
  );
  const trail = offers.others ? null : (
    <Part title={words.trail}>
      <KeyTrail id={target.id} />
    </Part>
  );
  const about = (
    <>
      <Facts target={target} />
      <Limits target={target} provider={provider} offers={offers} />
      {offers.others ? null : <UsedBy target={target} />}
    </>
  );
  return (
    <div className={classes.parts}>
      {reconnect === null ? null : (
        <p className={classes.notice} role="status">
          <Mark tone="warn">{reconnect}</Mark>
        </p>
      )}
      {target.retiresAt === null ? null : (
        <div className={classes.notice}>
          <p className={classes.text}>{keysWords.replacedNote}</p>
          <div className={classes.buttons}>
            <ButtonLink href="#/rotations" variant="default">
              {words.rotation}
            </ButtonLink>
          </div>
        </div>
      )}
      {stowed || offers.others ? null : (
        <div className={classes.notice}>
          <p className={classes.text}>{keysWords.notHereNote}</p>
          <div className={classes.buttons}>
            <Button variant="default" onClick={onPaste}>
              {keysWords.pasteIt}
            </Button>
            {offers.replace ? (
              <Button variant="default" onClick={onReplace}>
                {keysWords.replaceIt}
              </Button>
            ) : null}
          </div>
        </div>
      )}
      {wide ? (
        <div className={classes.columns}>
          <div className={classes.parts}>
            {usage}
            {trail}
          </div>
          <div className={classes.parts}>{about}</div>
        </div>
      ) : (
        <>
          {about}
          {usage}
          {trail}
        </>
      )}
      <Elsewhere provider={provider} />
    </div>
  );
}

function Facts({ target }: { target: KeyView }) {
  const { state } = target;
  return (
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
  );
}

interface LimitsProps {
  target: KeyView;
  provider: ProviderView;
  offers: Offers;
}

function Limits({ target, provider, offers }: LimitsProps) {
  const [editing, setEditing] = useState(false);
  return (
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
  );
}

/** Its connections; what is to be done about one is done where they are looked after. */
function UsedBy({ target: { usedBy, stowed } }: { target: KeyView }) {
  return (
    <Part title={keysWords.columns.usedBy}>
      {usedBy.length === 0 ? (
        <>
          <p className={classes.text}>{keysWords.noClient}</p>
          {stowed ? (
            <div className={classes.buttons}>
              <ButtonLink href="#/connect" variant="default">
                {words.connect}
              </ButtonLink>
            </div>
          ) : null}
        </>
      ) : (
        <ul className={classes.clients}>
          {usedBy.map(({ connection, client, name }) => (
            <li key={connection}>
              <Tile id={client} name={name} size="sm" /> <span className={classes.grow}>{name}</span>
              <ButtonLink
                href="#/connect"
                variant="subtle"
                aria-label={words.manageNamed(name)}
                onClick={() => send({ does: "manage", client })}
              >
                {words.manage}
              </ButtonLink>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Elsewhere({ provider: { dashboard, name } }: { provider: ProviderView }) {
  if (dashboard === null || dashboard.also.length === 0) return null;
  return (
    <details className={classes.text}>
      <summary className={classes.summary}>{words.elsewhere(name)}</summary>
      {dashboard.also.map(({ what, steps }) => (
        <section key={what} aria-label={words.capability(what)}>
          <h3 className={classes.barsTitle}>{words.capability(what)}</h3>
          <ol className={classes.steps}>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
      ))}
    </details>
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
        <h2 className={classes.partTitle}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
