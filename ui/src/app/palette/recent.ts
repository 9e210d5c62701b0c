const PLACE = "keystow.recent";
const MOST = 5;

/** What was done from the palette, the last first: ids of its lines. None of them tells more than a name in the list. */
export function recent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Puts a line in front. */
export function remember(id: string): void {
  const next = [id, ...recent().filter((each) => each !== id)].slice(0, MOST);
  try {
    window.localStorage.setItem(PLACE, JSON.stringify(next));
  } catch {
    // Without a place to keep it, nothing is recent.
  }
}
