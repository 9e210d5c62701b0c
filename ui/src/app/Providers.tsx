import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Tips } from "../shared/Tips";
import { useLater } from "../shared/useLater";
import { theme } from "../theme/theme";

interface ProvidersProps {
  client: QueryClient;
  children: ReactNode;
}

/** What every component may rely on: the theme, toasts, tips, the cache of answers. */
export function Providers({ client, children }: ProvidersProps) {
  const later = useLater();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        {children}
        <Tips />
        {later ? (
          // They are read out when they come: their place is there before them.
          <Notifications position="bottom-right" limit={3} zIndex={400} containerWidth={400} aria-live="polite" />
        ) : null}
      </QueryClientProvider>
    </MantineProvider>
  );
}
