import { MantineProvider } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { emit } from "@tauri-apps/api/event";
import { mockIPC } from "@tauri-apps/api/mocks";
import { type RenderResult, render } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import type { ReactElement } from "react";
import { newQueryClient } from "../src/app/client";
import type { ShowKey } from "../src/ipc";
import { Scroller } from "../src/shared/Scroller";
import { Tips } from "../src/shared/Tips";
import { theme } from "../src/theme/theme";
import { type Answers, answers } from "./backend";

export interface Call {
  name: string;
  request: unknown;
}

export interface Rendered extends RenderResult {
  user: UserEvent;
  /** Every command the window sent, in order. */
  calls: Call[];
  /** The requests of one command. */
  sent: (name: string) => unknown[];
  /** Text that was copied. */
  copied: string[];
}

interface Options {
  colours?: "light" | "dark";
  /** The element is the whole window: it brings its own frame, and the stored theme holds. */
  whole?: boolean;
}

/** Shows an element as the window would, on a native side that answers as told. */
export function show(
  element: ReactElement,
  overrides: Partial<Answers> = {},
  { colours, whole = false }: Options = {},
): Rendered {
  const native: Record<string, (request: never) => unknown> = answers(overrides);
  const calls: Call[] = [];
  const copied: string[] = [];
  mockIPC(
    (name, payload) => {
      const sent = payload !== undefined && "request" in payload ? payload.request : undefined;
      if (name === "plugin:clipboard-manager|write_text") {
        if (payload !== undefined && "text" in payload) copied.push(String(payload.text));
        return null;
      }
      const answer = native[name];
      if (answer === undefined) return Promise.reject(`no command ${name}`);
      calls.push({ name, request: sent });
      return Promise.resolve(answer(sent as never));
    },
    { shouldMockEvents: true },
  );
  notifications.clean();
  const user = userEvent.setup();
  const rendered = render(
    <MantineProvider theme={theme} {...(colours === undefined ? {} : { forceColorScheme: colours })} env="test">
      <QueryClientProvider client={newQueryClient()}>
        <Notifications transitionDuration={0} />
        <Tips />
        {whole ? (
          element
        ) : (
          <main>
            <Scroller>{element}</Scroller>
          </main>
        )}
      </QueryClientProvider>
    </MantineProvider>,
  );
  return {
    ...rendered,
    user,
    calls,
    sent: (name) => calls.filter((call) => call.name === name).map((call) => call.request),
    copied,
  };
}

/** A click on a notification asks to see a key. */
export function askForKey(asked: ShowKey): Promise<void> {
  return emit("show-key", asked);
}

/** A click on a notification asks to see a page. */
export function askForPage(page: string): Promise<void> {
  return emit("show-page", page);
}

/** Somebody else changed something. */
export function tellOfChange(...caches: string[]): Promise<void> {
  return emit("changed", caches);
}

/** The native side refuses, with a problem. */
export function refuse(problem: unknown): () => Promise<never> {
  return () => Promise.reject(problem);
}
