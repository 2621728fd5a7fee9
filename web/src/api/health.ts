import { queryOptions } from "@tanstack/react-query";
import { getApiV1HealthDetails, type HealthDetails } from "@/client";
import { body } from "./http";

export type { HealthDetails };

/** How the installation is, looked at again and again while somebody watches. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => body(getApiV1HealthDetails({ signal })),
  refetchInterval: 10_000,
});
