import { describe, expect, test } from "vitest";

const sources = Object.entries(
  import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true }),
).map(([path, text]) => ({ path: path.replace("../src/", ""), text }));

const shipped = sources.filter(({ path }) => !/\.test\.tsx?$|\.d\.ts$/.test(path));

/** `features/keys`, `shared`, `ipc` … of a path below src. */
function layerOf(path: string): string {
  const [layer = "", feature = ""] = path.split("/");
  return layer === "features" ? `${layer}/${feature}` : layer;
}

/** What a source imports of ours, as paths below src. */
function importsOf({ path, text }: { path: string; text: string }): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].flatMap(([, target]) => target ?? []);
  return specifiers.map((target) => new URL(target, `file:///${path}`).pathname.slice(1));
}

const MAY_IMPORT: Record<string, (layer: string) => boolean> = {
  ipc: (layer) => layer === "ipc",
  theme: (layer) => layer === "theme",
  shared: (layer) => ["shared", "ipc", "theme"].includes(layer),
  app: () => true,
};

describe("sources", () => {
  test("are found", () => expect(shipped.length).toBeGreaterThan(40));

  test("depend one way: shared, then features, then app; and no feature on another", () => {
    const wrong = shipped.flatMap((source) => {
      const from = layerOf(source.path);
      const may = MAY_IMPORT[from] ?? ((layer: string) => layer === from || ["shared", "ipc", "theme"].includes(layer));
      return importsOf(source)
        .filter((target) => !may(layerOf(target)))
        .map((target) => `${source.path} → ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("talk to the native side in ipc only", () => {
    const wrong = shipped.filter(({ path, text }) => !path.startsWith("ipc/") && text.includes("@tauri-apps/"));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("assert no types outside ipc", () => {
    const assertion = /(?<!\*)\bas (?!const\b)[A-Za-z{[]/;
    const wrong = shipped.filter(({ path, text }) => {
      const code = text.replace(/^\s*(\/\/|\*|\/\*|import|export).*$/gm, "").replace(/"[^"\n]*"|`[^`]*`/g, '""');
      return !path.startsWith("ipc/") && assertion.test(code);
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  test("reach no network and run no text as code or markup", () => {
    const banned =
      /\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\beval\(|dangerouslySetInnerHTML|innerHTML/;
    expect(shipped.filter(({ text }) => banned.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
