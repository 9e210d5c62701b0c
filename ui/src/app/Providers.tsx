import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
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
        <Notifications position="bottom-right" limit={3} zIndex={400} containerWidth={400} />
        {children}
      </QueryClientProvider>
    </MantineProvider>
  );
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The native side is always there, whatever the network does; and trying again is the person's decision.
      queries: { networkMode: "always", retry: false, staleTime: FRESH_MS },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
