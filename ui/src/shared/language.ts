import { Formats } from "./formats";

/** The languages that the window speaks. */
export type Language = "en" | "de";

/** What a place in a dictionary holds: a text, a text with gaps, more of them, or nothing to say. */
type Word = string | null | Dictionary | ((...values: never[]) => string | null);
export interface Dictionary {
  [name: string]: Word;
}

/** Dictionaries of another language, by the name of the English one. */
export type Translation = Readonly<Record<string, Dictionary>>;

const spoken = new Map<string, { english: Dictionary; shown: Dictionary }>();
let translation: Translation = {};
let language: Language = "en";
let formats = new Formats(language);

/**
 * A dictionary, written in English. What it says follows the language of the window: it is changed in place, so that who
 * holds a part of it keeps that part.
 */
export function worded<T extends Dictionary>(name: string, english: T): T {
  const shown: Dictionary = english;
  spoken.set(name, { english: copyOf(shown), shown });
  put(shown, translation[name]);
  return english;
}

/** Turns all dictionaries to a language; `words` are its own, where it is not English. */
export function speak(wanted: Language, words: Translation = {}): void {
  language = wanted;
  translation = words;
  formats = new Formats(wanted);
  for (const [name, { english, shown }] of spoken) {
    put(shown, english);
    put(shown, words[name]);
  }
  if (typeof document !== "undefined") document.documentElement.lang = wanted;
}

/** The language of the window. */
export function spokenLanguage(): Language {
  return language;
}

/** The dictionaries there are, in the language that is spoken. */
export function dictionaries(): Record<string, Dictionary> {
  return Object.fromEntries([...spoken].map(([name, { shown }]) => [name, shown]));
}

/** The language that the system asks for, where the window speaks it. What it asks with need not be a tag: it may be `c`. */
export function systemLanguage(asked = navigator.language): Language {
  return /^de(?![a-z])/i.test(asked) ? "de" : "en";
}

/** `12,408`, `12.408`. */
export function number(amount: number, digits = 0): string {
  // Whole ones below a thousand read the same in every language here, and lists are full of them.
  if (digits === 0 && Number.isInteger(amount) && amount >= 0 && amount < 1000) return String(amount);
  return formats.number(digits).format(amount);
}

/** Formats of dates and sentences in the language of the window. */
export function inLanguage(): Formats {
  return formats;
}

function isDictionary(word: Word | undefined): word is Dictionary {
  return typeof word === "object" && word !== null;
}

function copyOf(dictionary: Dictionary): Dictionary {
  return Object.fromEntries(
    Object.entries(dictionary).map(([name, word]) => [name, isDictionary(word) ? copyOf(word) : word]),
  );
}

function put(into: Dictionary, from: Dictionary | undefined): void {
  for (const [key, word] of Object.entries(from ?? {})) {
    const held = into[key];
    if (isDictionary(word) && isDictionary(held)) put(held, word);
    else into[key] = word;
  }
}
