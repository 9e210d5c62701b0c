import { startTransition, useEffect, useState, useSyncExternalStore } from "react";

export const PAGES = ["keys", "connect", "rotations", "activity", "settings"] as const;
export type PageName = (typeof PAGES)[number];
export type Route = PageName | "welcome";

/** The address of a page: the part after `#`, so that nothing is ever asked of a server. */
export function hrefOf(route: Route): string {
  return `#/${route}`;
}

export function goTo(route: Route): void {
  window.location.hash = hrefOf(route);
}

/**
 * The page in the address; the first one where it names none. What a page does once it is there (asking, listening) comes after it was
 * painted: in an urgent change, as `useSyncExternalStore` makes them, it would come before. The first steps come and go at once.
 */
export function useRoute(): Route {
  const atWelcome = useSyncExternalStore(subscribe, isAtWelcome);
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const follow = () => startTransition(() => setRoute(currentRoute()));
    follow();
    return subscribe(follow);
  }, []);
  if (atWelcome) return "welcome";
  return route === "welcome" ? currentRoute() : route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

function isAtWelcome(): boolean {
  return currentRoute() === "welcome";
}

/** The same, for who is no component. */
export function currentRoute(): Route {
  // What follows the page is its own business, as which key it shows.
  const name = window.location.hash.replace(/^#\//, "").split("/", 1)[0];
  if (name === "welcome") return name;
  return PAGES.find((page) => page === name) ?? "keys";
}
