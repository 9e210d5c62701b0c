import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { markStale, Problem } from "../ipc";
import { theme } from "../theme/theme";

const FRESH_MS = 2000;

interface ProvidersProps {
  children: ReactNode;
}

/** What every component may rely on: the theme, toasts, the cache of answers. */
export function Providers({ children }: ProvidersProps) {
  const [client] = useState(newQueryClient);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        {/* Toasts are read out when they come: their place is there before them. */}
        <Notifications position="bottom-right" limit={3} zIndex={400} containerWidth={400} aria-live="polite" />
        {children}
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** What the status line shows may be otherwise than it says. */
const TELLING = /^(keychain|session)\./;

export function newQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Problem && TELLING.test(error.code)) markStale(client, ["app"]);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The native side is always there, whatever the network does; and trying again is the person's decision.
      queries: { networkMode: "always", retry: false, staleTime: FRESH_MS },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}
