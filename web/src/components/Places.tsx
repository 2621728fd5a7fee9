import { Link, type LinkProps } from "@tanstack/react-router";
import { choice, Choices } from "./Choices";

/** The ways between the screens of one part of the page; `place` is the one that is shown. */
export function Places<Place extends string>({
  label,
  ways,
  name,
  place,
}: {
  label: string;
  ways: Readonly<Record<Place, readonly [NonNullable<LinkProps["to"]>, ...unknown[]]>>;
  name: (place: Place) => string;
  place: Place;
}) {
  return (
    <Choices label={label}>
      {(Object.keys(ways) as Place[]).map((each) => (
        <Link
          key={each}
          to={ways[each][0]}
          search={{}}
          activeOptions={{ exact: true, includeSearch: false }}
          {...choice(each === place)}
        >
          {name(each)}
        </Link>
      ))}
    </Choices>
  );
}
