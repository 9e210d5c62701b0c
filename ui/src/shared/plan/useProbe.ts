import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, invalidateAfter, type ProbeView, type Problem } from "../../ipc";

/**
 * The last live probe of a connection. Runs one when mounted with `run`; otherwise only shows what is known, because a probe
 * starts a process and counts as a use of the key.
 */
export function useProbe(connection: string, run: boolean): UseQueryResult<ProbeView, Problem> {
  const client = useQueryClient();
  return useQuery<ProbeView, Problem>({
    queryKey: ["probe", connection],
    queryFn: async () => {
      const probe = await call("connections_probe", { connection });
      invalidateAfter(client, "connections_probe");
      return probe;
    },
    enabled: run,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchOnMount: run ? "always" : false,
    refetchOnWindowFocus: false,
  });
}
