import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { Tips } from "../shared/Tips";
import { useLater } from "../shared/useLater";
import { theme } from "../theme/theme";

const Toasts = lazy(() => import("./Toasts").then((module) => ({ default: module.Toasts })));

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
        <Suspense fallback={null}>{later ? <Toasts /> : null}</Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}
