import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  getApiV1SetupState,
  getAuthMe,
  postAuthLogin,
  postAuthLogout,
  postApiV1PasswordResetRequestReset,
  postApiV1PasswordResetReset,
  postAuthRegister,
  putApiV1UsersMe,
  type UserAnswer as User,
} from "@/client";
import type { Language } from "@/i18n/language";
import { ApiError } from "./errors";
import { body } from "./http";

export type { User };

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
    mutationFn: async (account: Credentials & { email: string; language: Language }) => {
      await postAuthRegister({ body: account });
      await signIn({ username: account.username, password: account.password });
    },
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery(meQuery);
    },
  });
}

/** Says which language somebody wants to be written to in. */
export function useTellLanguage() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (language: Language) => body(putApiV1UsersMe({ body: { language } })),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => body(postAuthLogout()) });
}

/** Asks for a link to set a new password. The answer never tells whether there is such an account. */
export function useRequestReset() {
  return useMutation({
    mutationFn: (email: string) => body(postApiV1PasswordResetRequestReset({ body: { email } })),
  });
}

/** Sets a new password by the token of such a link. */
export function useResetPassword() {
  return useMutation({
    mutationFn: ({ token, password }: { token: string; password: string }) =>
      body(postApiV1PasswordResetReset({ body: { token, new_password: password } })),
  });
}
