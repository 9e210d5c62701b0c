import { useEffect, useState } from "react";
import { useView, type ViewOf } from "../ipc";
import { type Language, speak, spokenLanguage, systemLanguage, type Translation } from "../shared/language";

type StoredLanguage = ViewOf<"settings_get">["language"];

/** Turns the window to the stored language; `null` before it is known and its words are there. */
export function useStoredLanguage(): Language | null {
  const { data, error } = useView("settings_get", {});
  const wanted = data === undefined && error === null ? null : languageOf(data?.language);
  const [spoken, setSpoken] = useState(() => (wanted === spokenLanguage() ? wanted : null));
  useEffect(() => {
    if (wanted === null) return;
    let outdated = false;
    void turnTo(wanted, () => !outdated).then(() => {
      if (!outdated) setSpoken(wanted);
    });
    return () => {
      outdated = true;
    };
  }, [wanted]);
  return spoken;
}

/** The language that a setting stands for. */
export function languageOf(stored: StoredLanguage | undefined): Language {
  return stored === undefined || stored === "system" ? systemLanguage() : stored;
}

/** Turns the window to a language as soon as its words are there, if it is still wanted then. */
export async function turnTo(wanted: Language, isWanted = () => true): Promise<void> {
  const words = await wordsOf(wanted);
  if (isWanted() && wanted !== spokenLanguage()) speak(wanted, words);
}

async function wordsOf(language: Language): Promise<Translation> {
  return language === "de" ? (await import("./german")).german : {};
}
