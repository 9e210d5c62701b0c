import { useEffect, useState } from "react";
import { useView } from "../ipc";
import { type Language, speak, spokenLanguage, systemLanguage, type Translation } from "../shared/language";

/** Turns the window to the stored language; `null` before it is known and its words are there. */
export function useStoredLanguage(): Language | null {
  const settings = useView("settings_get", {});
  const [spoken, setSpoken] = useState<Language | null>(null);
  const stored = settings.data?.language;
  const wanted =
    stored === undefined && settings.error === null
      ? null
      : stored === undefined || stored === "system"
        ? systemLanguage()
        : stored;
  useEffect(() => {
    if (wanted === null) return;
    let outdated = false;
    void wordsOf(wanted).then((words) => {
      if (outdated) return;
      if (wanted !== spokenLanguage()) speak(wanted, words);
      setSpoken(wanted);
    });
    return () => {
      outdated = true;
    };
  }, [wanted]);
  return spoken;
}

async function wordsOf(language: Language): Promise<Translation> {
  return language === "de" ? (await import("./german")).german : {};
}
