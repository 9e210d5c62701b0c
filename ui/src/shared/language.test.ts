import { expect, test } from "vitest";
import { systemLanguage } from "./language";

test.each([
  ["de", "de"],
  ["de-AT", "de"],
  ["de_CH.UTF-8", "de"],
  ["en-US", "en"],
  ["del", "en"],
  ["fr", "en"],
  ["c", "en"],
  ["C.UTF-8", "en"],
  ["", "en"],
])("a system that asks for “%s” is answered in %s", (asked, spoken) => {
  expect(systemLanguage(asked)).toBe(spoken);
});
