import { afterEach, describe, expect, test } from "vitest";
import { german } from "../src/app/german";
import { type Dictionary, dictionaries, speak } from "../src/shared/language";
import { day, relative, span } from "../src/shared/time";
import { count, listed } from "../src/shared/words";
import { keys, workspace } from "./fixtures";
import { local } from "./providers";

// Every dictionary tells of itself when its file is read.
import.meta.glob("../src/**/words.ts", { eager: true });

const NOW = new Date(2026, 10, 21, 12).getTime();
const DAY_MS = 86_400_000;

/** What gaps are filled with: whatever suits the function, and can be found again in what it says. */
const FILLINGS: readonly (readonly unknown[])[] = [
  ["⟦a⟧", "⟦b⟧", "⟦c⟧", "⟦d⟧"],
  [7, 9, "⟦c⟧"],
  ["⟦a⟧", 9],
  ["⟦a⟧", "⟦b⟧", 7],
  [["⟦a⟧", "⟦b⟧"]],
  [[], "⟦b⟧"],
  [NOW - 40 * DAY_MS, NOW],
  [keys[0], NOW],
  [keys[2], NOW],
  [keys[3], NOW],
  [workspace],
  [local],
  [{ id: "⟦a⟧", title: "⟦b⟧", path: "⟦c⟧" }],
  [{ does: "disconnect", clients: [] }],
  [{ does: "repair", connections: [], action: "adopt" }],
  [1, "day"],
  [],
];

/** All that a dictionary says, by its place; a text with gaps once for each filling that suits it. */
function said(dictionary: Dictionary, place = ""): Map<string, string | null> {
  const all = new Map<string, string | null>();
  for (const [name, word] of Object.entries(dictionary)) {
    const at = place === "" ? name : `${place}.${name}`;
    if (typeof word === "function") {
      for (const [index, filling] of FILLINGS.entries()) {
        const text = filled(word, filling);
        if (text !== undefined) all.set(`${at}(${index})`, text);
      }
    } else if (typeof word === "object" && word !== null) {
      for (const [inner, text] of said(word, at)) all.set(inner, text);
    } else all.set(at, word);
  }
  return all;
}

/** What it says with that in its gaps; nothing where that does not suit it. */
function filled(word: (...values: never[]) => string | null, filling: readonly unknown[]): string | null | undefined {
  try {
    const text: unknown = word(...(filling as never[]));
    if (text === null) return null;
    return typeof text === "string" && text !== "" && !/undefined|\[object|NaN/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Places of texts with gaps that no filling suits: they would go unread. */
function unread(dictionary: Dictionary): string[] {
  return Object.entries(dictionary).flatMap(([name, word]) => {
    if (typeof word === "function")
      return FILLINGS.some((filling) => filled(word, filling) !== undefined) ? [] : [name];
    return typeof word === "object" && word !== null ? unread(word) : [];
  });
}

const gaps = (text: string) => [...new Set(text.match(/⟦.⟧|\b[79]\b/g) ?? [])].sort();

afterEach(() => speak("en"));

describe("in every language", () => {
  const english = Object.keys(dictionaries()).sort();

  test("the dictionaries are the same", () => {
    expect(english.length).toBeGreaterThan(15);
    expect(Object.keys(german).sort()).toEqual(english);
  });

  test.each(english)("%s has the same words, none empty, with the same gaps", (name) => {
    speak("en");
    expect(unread(dictionaries()[name] ?? {})).toEqual([]);
    const inEnglish = said(dictionaries()[name] ?? {});
    speak("de", german);
    const inGerman = said(dictionaries()[name] ?? {});
    const different = [...inEnglish].filter(([place, text]) => {
      const translated = inGerman.get(place);
      if (text === null || translated == null) return translated !== text;
      return translated.trim() === "" || String(gaps(text)) !== String(gaps(translated));
    });
    expect(different.map(([place, text]) => `${place}: ${text} | ${inGerman.get(place)}`)).toEqual([]);
  });
});

test("English comes back as it was", () => {
  const before = JSON.stringify([...said(dictionaries())]);
  speak("de", german);
  expect(JSON.stringify([...said(dictionaries())])).not.toBe(before);
  speak("en");
  expect(JSON.stringify([...said(dictionaries())])).toBe(before);
});

describe("in German", () => {
  test("amounts, lists and spans read as sentences", () => {
    speak("de", german);
    expect([count(1, "Datei", "Dateien"), count(12_408, "Datei", "Dateien")]).toEqual(["1 Datei", "12.408 Dateien"]);
    expect(listed(["Cursor", "Codex", "Zed"])).toBe("Cursor, Codex und Zed");
    expect([span(214), span(1240)]).toEqual(["214 ms", "1,2 s"]);
    expect(document.documentElement).toHaveAttribute("lang", "de");
  });

  test.each([
    [NOW, "gerade eben"],
    [NOW - 180_000, "vor 3 Min."],
    [NOW + 81 * DAY_MS, "in 81 T."],
    [NOW - DAY_MS, "vor 1 T."],
    [NOW - 1000 * DAY_MS, "vor 3 J."],
  ])("a date reads relative to now (%#)", (at, text) => {
    speak("de", german);
    expect(relative(at, NOW)).toBe(text);
  });

  test("a day has a name", () => {
    speak("de", german);
    expect([day(NOW, NOW), day(NOW - 18 * DAY_MS, NOW)]).toEqual(["Heute", "3. November"]);
  });
});
