import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import {
  deleteApiV1UsersByUserId,
  postApiV1PasswordResetPending,
  getApiV1Users,
  postApiV1Users,
  putApiV1UsersByUserId,
  type NewUser,
  type PendingReset,
  type UserAnswer as User,
  type UserChanges,
} from "@/client";
import { meQuery } from "./account";
import { body } from "./http";

export type { PendingReset, User };
/** What becomes of a deleted user's library. */
export type ItemsChoice = "keep" | "delete";

/** Everybody; a household has few enough for one answer. */
export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => body(getApiV1Users({ query: { limit: 1000 }, signal })),
});

export function useAddUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (user: NewUser) => body(postApiV1Users({ body: user })),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
}

export function useSaveUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...changes }: UserChanges & { id: number }) =>
      body(putApiV1UsersByUserId({ path: { user_id: id }, body: changes })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]),
  });
}

export function useDeleteUser() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, items }: { id: number; items: ItemsChoice }) =>
      body(deleteApiV1UsersByUserId({ path: { user_id: id }, query: { items } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
}

/**
 * The links for new passwords, to hand over where no mail is set up. The server shows each this once: so it is asked
 * for by hand, and what it showed before stays.
 */
export function useShowResets() {
  const shown = useRef<PendingReset[]>([]);
  return useMutation({
    mutationFn: async () => {
      shown.current = [...(await body(postApiV1PasswordResetPending())), ...shown.current];
      return shown.current;
    },
    gcTime: 0,
  });
}
