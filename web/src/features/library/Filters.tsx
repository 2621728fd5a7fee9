import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useId, useState, type ReactNode } from "react";
import { collectionsQuery } from "@/api/collections";
import { facetsQuery, KINDS, SORTS, type ItemFilter } from "@/api/items";
import { linkQuery } from "@/api/links";
import type { LibrarySearch } from "@/app/routes/library";
import { ChoiceField } from "@/components/ChoiceField";
import { choice, Choices } from "@/components/Choices";
import { forms } from "@/components/Form";
import { IconFilter, IconHeart, IconSaveSearch, IconX } from "@/components/icons";
import { SearchField } from "@/components/SearchField";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { FacetFields, OneOf } from "./FacetFields";
import { LABELS } from "./labels";
import styles from "./LibraryPage.module.css";
import { SaveSearchDialog } from "./SaveSearchDialog";
import { filterOf, isSavable, setParts, sortOf, type Part } from "./search";
import { ViewChoice } from "./ViewChoice";

const route = getRouteApi("/shell/library");

/** What narrows the library and puts it in order; all of it is kept in the address. */
export function Filters({ found }: { found: ReactNode }) {
  const { say } = useI18n();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState(false);
  const [saving, setSaving] = useState(false);
  const id = useId();
  const set = (next: LibrarySearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  const filter = filterOf(search);
  const sorts = SORTS.filter((each) => each !== "relevance" || search.q);
  return (
    <>
      <div className={styles["tools"]}>
        <SearchField
          className={styles["search"]}
          label={say("library.search")}
          value={search.q ?? ""}
          onSearch={(q) => set({ q })}
        />
        <Choices label={say("library.kind")}>
          <Link to="/library" search={{ ...search, kind: undefined }} {...choice(!search.kind)}>
            {say("library.all")}
          </Link>
          {KINDS.map((kind) => (
            <Link key={kind} to="/library" search={{ ...search, kind }} {...choice(search.kind === kind)}>
              {say(`kind.${kind}`)}
            </Link>
          ))}
        </Choices>
      </div>
      <div className={styles["tools"]}>
        <Button
          size="xs"
          variant={search.is_favourite ? "light" : "default"}
          aria-pressed={search.is_favourite === true}
          leftSection={<IconHeart size={16} aria-hidden />}
          onClick={() => set({ is_favourite: search.is_favourite ? undefined : true })}
        >
          {say("library.favourites")}
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          {say("library.filters")}
        </Button>
        <Chips filter={filter} onDrop={(part) => set({ [part]: undefined })} />
        {isSavable(filter) && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconSaveSearch size={16} aria-hidden />}
            onClick={() => setSaving(true)}
          >
            {say("collections.saveSearch")}
          </Button>
        )}
        <span className={styles["rest"]}>
          {found}
          <ChoiceField
            label={say("library.sort")}
            value={sortOf(search)}
            options={sorts.map((each) => [each, say(`library.sort.${each}`)] as const)}
            onChange={(sort) => set({ sort: sort === sortOf({ q: search.q }) ? undefined : sort })}
          />
          <ViewChoice value={search.view} onChange={(view) => set({ view })} />
        </span>
      </div>
      {open && <More id={id} filter={filter} onSet={set} />}
      {saving && <SaveSearchDialog filter={filter} onClose={() => setSaving(false)} />}
    </>
  );
}

interface MoreProps {
  id: string;
  filter: ItemFilter;
  onSet: (next: LibrarySearch) => void;
}

/** Filters that offer what there is. */
function More({ id, filter, onSet }: MoreProps) {
  const { say } = useI18n();
  const { data: facets, error, refetch } = useQuery(facetsQuery(filter));
  const { data } = useQuery(collectionsQuery);
  const collections = data?.collections.map(({ id: one, name }) => [String(one), name] as const) ?? [];
  return (
    <div id={id} className={forms.filters} role="group" aria-label={say("library.filters")}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      <FacetFields filter={filter} facets={facets} onSet={onSet} />
      <OneOf
        label={say(LABELS.collection_id)}
        value={filter.collection_id}
        values={collections}
        onChange={(value) => onSet({ collection_id: Number(value) || undefined })}
      />
    </div>
  );
}

/** What is set, each to be dropped by one click. */
function Chips({ filter, onDrop }: { filter: ItemFilter; onDrop: (part: Part) => void }) {
  const { say } = useI18n();
  const { data: collections } = useQuery({
    ...collectionsQuery,
    enabled: filter.collection_id !== undefined,
  });
  const { data: link } = useQuery({
    ...linkQuery(filter.link_id ?? 0),
    enabled: filter.link_id !== undefined,
  });
  const nameOf = (part: Part) => {
    if (part === "link_id") return link?.name;
    if (part === "collection_id")
      return collections?.collections.find(({ id }) => id === filter.collection_id)?.name;
    return undefined;
  };
  return setParts(filter).map((part) => {
    const what = say("rule.is", { name: say(LABELS[part]), value: nameOf(part) ?? String(filter[part]) });
    return (
      <Button
        key={part}
        size="xs"
        variant="light"
        className={styles["chip"]}
        rightSection={<IconX size={14} aria-hidden />}
        aria-label={say("library.without", { what })}
        onClick={() => onDrop(part)}
      >
        {what}
      </Button>
    );
  });
}
