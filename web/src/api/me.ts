import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1UsersMeSessions,
  deleteApiV1UsersMeSessionsBySessionId,
  deleteApiV1UsersMeTokensByTokenId,
  getApiV1UsersMeSessions,
  getApiV1UsersMeTokens,
  postApiV1UsersMeTokens,
  putApiV1UsersMe,
  type ApiTokenAnswer as Token,
  type OwnChanges,
  type SessionAnswer as Session,
} from "@/client";
import { meQuery } from "./account";
import { usersQuery } from "./users";
import { body } from "./http";

export type { Session, Token };
export type Scope = Token["scopes"][number];
export const SCOPES: readonly Scope[] = ["read", "write", "admin"];

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => body(getApiV1UsersMeSessions({ signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ["me", "tokens"],
  queryFn: ({ signal }) => body(getApiV1UsersMeTokens({ signal })),
});

export function useSaveProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: OwnChanges) => body(putApiV1UsersMe({ body: changes })),
    onSuccess: (me) => {
      queries.setQueryData(meQuery.queryKey, me);
      return queries.invalidateQueries({ queryKey: usersQuery.queryKey });
    },
  });
}

/** Another password; all other sessions and all tokens end with it. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ current, fresh }: { current: string; fresh: string }) =>
      body(putApiV1UsersMe({ body: { password: fresh, current_password: current } })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
      ]),
  });
}

export function useRevokeSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(deleteApiV1UsersMeSessionsBySessionId({ path: { session_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

/** Ends all sessions but this one. */
export function useRevokeOtherSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(deleteApiV1UsersMeSessions()),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

interface NewToken {
  name: string;
  scope: Scope;
  days: number;
}

/** Makes a token. The answer shows it this once. */
export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, scope, days }: NewToken) =>
      body(postApiV1UsersMeTokens({ body: { name, scopes: [scope], expires_in_days: days } })),
    // What was shown once is not kept for longer than it is shown.
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(deleteApiV1UsersMeTokensByTokenId({ path: { token_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
}
