import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";

/** What the server refused stays refused: only silence and its own faults are worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return !refused && failures < 2;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: worthRetrying, staleTime: 5_000 },
      // A server on the own machine is reachable without the internet.
      mutations: { networkMode: "always" },
    },
  });
}
