import { type ReactNode, useEffect, useRef } from "react";
import classes from "./Page.module.css";
import { markReady } from "./ready";

interface PageProps {
  title: string;
  /** One quiet line under the title. */
  about?: ReactNode;
  /** What the page is for, at the top right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: title, actions, content up to 1120 px. */
export function Page({ title, about, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Keystow`;
    heading.current?.focus({ preventScroll: true });
    markReady();
  }, [title]);
  return (
    <div className={classes.page}>
      <div className={classes.header}>
        <div className={classes.words}>
          <h1 className={classes.title} ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {about === undefined ? null : <p className={classes.about}>{about}</p>}
        </div>
        <div className={classes.actions}>{actions}</div>
      </div>
      {children}
    </div>
  );
}

interface SectionProps {
  title: string;
  count?: number | undefined;
  children: ReactNode;
  aside?: ReactNode;
  /** It stands below the fold: when the page opens, what is in sight comes first. */
  below?: boolean;
}

/** A part of a page under a small heading. */
export function Section({ title, count, children, aside, below = false }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title} data-below={below || undefined}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>
          {title}
          {count === undefined ? null : <span className={classes.count}>{count}</span>}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
