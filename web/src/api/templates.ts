import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1TemplatesByTemplateId,
  getApiV1Templates,
  getApiV1TemplatesFile,
  postApiV1Templates,
  putApiV1TemplatesByTemplateId,
  type TemplateCreate,
  type TemplateOut as Template,
  type TemplateUpdate,
} from "@/client";
import { body } from "./http";

export type { Template, TemplateCreate, TemplateUpdate };
export type Format = NonNullable<Template["format"]>;
export const FORMATS = [
  "narrator",
  "two_hosts",
  "interview",
  "debate",
  "news",
  "lecture",
  "story",
  "bilingual",
] as const satisfies readonly Format[];

/** What ships with Magpie, then one's own. */
export const templatesQuery = queryOptions({
  queryKey: ["templates", "list"],
  queryFn: ({ signal }) => body(getApiV1Templates({ signal })),
});

/** What is wrong in the file that people edit; for superusers. */
export const templateFileQuery = queryOptions({
  queryKey: ["templates", "file"],
  queryFn: ({ signal }) => body(getApiV1TemplatesFile({ signal })),
});

function useChange<Wanted, Answer>(change: (wanted: Wanted) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["templates"] }),
  });
}

export const useAddTemplate = () =>
  useChange((wanted: TemplateCreate) => body(postApiV1Templates({ body: wanted })));
export const useSaveTemplate = (id: string) =>
  useChange((wanted: TemplateUpdate) =>
    body(putApiV1TemplatesByTemplateId({ path: { template_id: id }, body: wanted })),
  );
export const useDeleteTemplate = () =>
  useChange((id: string) => body(deleteApiV1TemplatesByTemplateId({ path: { template_id: id } })));
