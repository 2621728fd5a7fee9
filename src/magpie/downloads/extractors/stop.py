"""Where a listing stops: shared by all listers that walk a site's pages."""

from __future__ import annotations

from collections.abc import Iterable

from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, ListSession

MAX_REPEATS = 500  # entries seen already, in a row: a site that pages in a circle


class Reporter:
    """Reports entries, each once, until the order's limit or known entries end the listing.

    `to_skip` is how many are left out first; a lister that can ask the site for a later page lowers it.
    """

    def __init__(self, order: ListOrder, session: ListSession) -> None:
        self._session = session
        self._known = frozenset(order.known)
        self._stop_after = max(1, order.stop_after)
        self._seen: set[str] = set()
        self._left = order.limit
        self._repeats = 0
        self.to_skip = order.start
        self.known_in_a_row = 0
        self.fresh = 0  # how many were reported that are not known

    def report(self, entries: Iterable[ListedEntry]) -> bool:
        """Report some entries in the listing's order; False once the list is to end."""
        return all(self._report(entry) for entry in entries)

    def _report(self, entry: ListedEntry) -> bool:
        if entry.key in self._seen:
            self._repeats += 1
            return not self.exhausted
        self._seen.add(entry.key)
        self._repeats = 0
        if self.to_skip > 0:
            self.to_skip -= 1
            return True
        if self.exhausted:
            return False
        if self._left is not None:
            self._left -= 1
        self._session.entries([entry])
        if entry.key in self._known:
            self.known_in_a_row += 1
        else:
            self.known_in_a_row = 0
            self.fresh += 1
        return not self.reached_known and not self.exhausted

    @property
    def reached_known(self) -> bool:
        return self.known_in_a_row >= self._stop_after

    @property
    def exhausted(self) -> bool:
        """Nothing more is to be reported: the limit is reached, or the site repeats itself."""
        return self._repeats > MAX_REPEATS or (self._left is not None and self._left <= 0)

    @property
    def count(self) -> int:
        """How many different entries there have been."""
        return len(self._seen)

    def listing(self, *, ran_out: bool) -> Listing:
        """How a listing of a single list ended; `ran_out`: the site has no more."""
        return Listing(ran_out and not self.reached_known, self.reached_known)
