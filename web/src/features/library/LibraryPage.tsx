import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { itemsQuery } from "@/api/items";
import { IconLibrary } from "@/components/icons";
import { LibraryPlaces } from "@/components/LibraryPlaces";
import { Screen } from "@/components/Screen";
import { Empty } from "@/components/states";
import { useI18n } from "@/i18n";
import { Count } from "./Count";
import { Filters } from "./Filters";
import { filterOf, isFiltered, sortOf } from "./search";
import { Shelf } from "./Shelf";
import { useShelf } from "./useShelf";

const route = getRouteApi("/shell/library");

/** All that has been saved, as a wall of pictures or as a list. */
export default function LibraryPage() {
  const { say } = useI18n();
  const search = route.useSearch();
  const filter = filterOf(search);
  const shelf = useShelf(itemsQuery(filter, sortOf(search)));
  return (
    <Screen title={say("library.title")}>
      <LibraryPlaces place="library" />
      <Filters found={shelf.isThere && <Count {...shelf} />} />
      <Shelf
        shelf={shelf}
        label={say("library.title")}
        filter={filter}
        view={search.view ?? "wall"}
        empty={<Nothing filtered={isFiltered(filter)} />}
      />
    </Screen>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { say } = useI18n();
  const icon = <IconLibrary size={24} />;
  if (!filtered) {
    const paste = <Link to="/">{say("downloads.paste")}</Link>;
    return <Empty icon={icon} title={say("library.none")} note={say("library.noneNote")} action={paste} />;
  }
  const all = (
    <Button variant="default" size="xs" renderRoot={(props) => <Link to="/library" search={{}} {...props} />}>
      {say("library.reset")}
    </Button>
  );
  return <Empty icon={icon} title={say("library.noneFound")} action={all} />;
}
