import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1FeedsTokensByTokenId,
  getApiV1Feeds,
  getApiV1FeedsTokens,
  postApiV1FeedsTokens,
  type FeedOut as Feed,
  type FeedTokenOut as FeedToken,
} from "@/client";
import { body } from "./http";

export type { Feed, FeedToken };

/** The addresses under a token, or under one's oldest. The first question makes the first token. */
export const feedsQuery = (token?: number) =>
  queryOptions({
    queryKey: ["feeds", "list", token ?? null],
    queryFn: ({ signal }) =>
      body(getApiV1Feeds({ query: token === undefined ? {} : { token_id: token }, signal })),
    // Addresses are secret: they are not kept for longer than they are shown.
    gcTime: 0,
    // What is typed beside the addresses stays while those of another token come.
    placeholderData: keepPreviousData,
  });

export const feedTokensQuery = queryOptions({
  queryKey: ["feeds", "tokens"],
  queryFn: ({ signal }) => body(getApiV1FeedsTokens({ signal })),
  gcTime: 0,
});

export function useMakeFeedToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => body(postApiV1FeedsTokens({ body: { name } })),
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: feedTokensQuery.queryKey }),
  });
}

export function useRevokeFeedToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(deleteApiV1FeedsTokensByTokenId({ path: { token_id: id } })),
    // In this order: whoever has no token left gets one by asking for addresses.
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["feeds", "list"] });
      await queries.invalidateQueries({ queryKey: feedTokensQuery.queryKey });
    },
  });
}
