import type { ProblemView } from "./generated";

/** An error with a code, as every command rejects with. Switch on `code`, never on text. */
export class Problem extends Error {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly hint: string | null;
  readonly retry: boolean;
  /** What was done all the same, where it can be undone. */
  readonly change: string | null;

  constructor(view: ProblemView) {
    super(`${view.code}: ${view.title}`);
    this.name = "Problem";
    this.code = view.code;
    this.title = view.title;
    this.detail = view.detail;
    this.hint = view.hint;
    this.retry = view.retry;
    this.change = view.change ?? null;
  }

  /** Whatever was thrown, as a problem. */
  static from(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    if (isProblemView(thrown)) return new Problem(thrown);
    return new Problem({
      code: "window.unexpected",
      title: "Something unexpected happened",
      detail: thrown instanceof Error ? thrown.message : String(thrown),
      hint: null,
      retry: true,
    });
  }
}

function isProblemView(thrown: unknown): thrown is ProblemView {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    "code" in thrown &&
    typeof thrown.code === "string" &&
    "title" in thrown &&
    typeof thrown.title === "string" &&
    "detail" in thrown &&
    typeof thrown.detail === "string"
  );
}
