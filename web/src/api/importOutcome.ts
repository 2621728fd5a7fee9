import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { getApiV1DatabaseImportByReceipt, type ImportStarted, type ImportStateOut } from "@/client";
import { body } from "./http";

/** An import that succeeds ends every session; with its receipt the one who began it is told all the same. */
const KEPT_AS = "magpie.import";

/** How often a running import is asked how far it is. */
const ASK_EVERY_MS = 700;

export const askAgainIn = (state: ImportStateOut | undefined) =>
  state?.state === "running" ? ASK_EVERY_MS : false;

export const keepReceipt = ({ receipt }: ImportStarted) =>
  withStorage((storage) => storage.setItem(KEPT_AS, receipt));
export const forgetReceipt = () => withStorage((storage) => storage.removeItem(KEPT_AS));

/** Storage may be forbidden: the outcome is then not told after the session's end. */
function withStorage<Value>(run: (storage: Storage) => Value): Value | null {
  try {
    return run(sessionStorage);
  } catch {
    return null;
  }
}

const outcomeQuery = (receipt: string | null) =>
  queryOptions({
    queryKey: ["import-outcome", receipt],
    queryFn:
      receipt === null
        ? skipToken
        : ({ signal }) => body(getApiV1DatabaseImportByReceipt({ path: { receipt }, signal })),
    refetchInterval: (query) => askAgainIn(query.state.data),
  });

/** What became of the import that this tab began; undefined where it began none that the server knows of. */
export function useImportOutcome(): ImportStateOut | undefined {
  return useQuery(outcomeQuery(withStorage((storage) => storage.getItem(KEPT_AS)))).data;
}
