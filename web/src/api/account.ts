import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getApiV1SetupState, getAuthMe, postAuthLogin, postAuthLogout, postAuthRegister } from "@/client";
import { ApiError } from "./errors";
import { body } from "./http";

/** What a visitor may do before signing in. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => body(getApiV1SetupState({ signal })),
  staleTime: 30_000,
});

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    try {
      return await body(getAuthMe({ signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

export interface Credentials {
  username: string;
  password: string;
}

async function signIn(credentials: Credentials): Promise<void> {
  await postAuthLogin({ body: { ...credentials, cookie: true } });
}

/** Signs in; afterwards everything that was known is read anew. */
export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery(meQuery);
    },
  });
}

/** Makes an account and signs in with it. */
export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (account: Credentials & { email: string }) => {
      await postAuthRegister({ body: account });
      await signIn({ username: account.username, password: account.password });
    },
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery(meQuery);
    },
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => body(postAuthLogout()) });
}
