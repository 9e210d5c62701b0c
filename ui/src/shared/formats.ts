import type { Language } from "./language";

const TAGS: Record<Language, string> = { en: "en-GB", de: "de-DE" };

/** Numbers, dates and sentences in a language. Each format is made when it is first asked for: they are slow to make, and the first page needs few of them. */
export class Formats {
  readonly #tag: string;
  #plural?: Intl.PluralRules;
  #list?: Intl.ListFormat;
  readonly #dates = new Map<string, Intl.DateTimeFormat>();
  readonly #numbers = new Map<number, Intl.NumberFormat>();

  constructor(language: Language) {
    this.#tag = TAGS[language];
  }

  get plural(): Intl.PluralRules {
    this.#plural ??= new Intl.PluralRules(this.#tag);
    return this.#plural;
  }

  get list(): Intl.ListFormat {
    this.#list ??= new Intl.ListFormat(this.#tag, { type: "conjunction" });
    return this.#list;
  }

  get exact(): Intl.DateTimeFormat {
    return this.#date("exact", { dateStyle: "medium", timeStyle: "medium" });
  }

  get clock(): Intl.DateTimeFormat {
    return this.#date("clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }

  get day(): Intl.DateTimeFormat {
    return this.#date("day", { day: "numeric", month: "long" });
  }

  get dayYear(): Intl.DateTimeFormat {
    return this.#date("dayYear", { day: "numeric", month: "long", year: "numeric" });
  }

  /** With so many digits behind the point. */
  number(digits: number): Intl.NumberFormat {
    const made =
      this.#numbers.get(digits) ??
      new Intl.NumberFormat(this.#tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    this.#numbers.set(digits, made);
    return made;
  }

  #date(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const made = this.#dates.get(name) ?? new Intl.DateTimeFormat(this.#tag, options);
    this.#dates.set(name, made);
    return made;
  }
}
