"""Which items are meant: one filter for lists, facets, feeds, saved searches and whatever is done to many at once.

Looking for words among a million items would mean to gather all that have them, hundreds of thousands at times, for
the newest fifty. So the newest items are looked at first, and more of them only while too few have been found
(`Asked.newest`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, func, select

from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library import searching
from magpie.library.filtering import (
    LARGEST_ID,
    Filter,
    Id,
    ItemKind,
    described,
    is_narrow,
    personal,
    unfolded,
)
from magpie.library.holding import held, memberships_of
from magpie.library.models import Item, Membership
from magpie.library.search import service as search
from magpie.library.search.document import facts
from magpie.library.searching import Sought

__all__ = ["LARGEST_ID", "Asked", "Filter", "Id", "ItemKind", "ask", "conditions", "ids"]

Conditions = list[ColumnElement[bool]]
Window = tuple[int, int]
# A library up to here is looked through from the side of its memberships, however many items others have.
FEW = 5000
MANY = 20  # whoever has more than one in so many of all items has not few of them


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, understood: what it says of rows, what it looks for."""

    principal: Principal
    in_trash: bool
    rows: tuple[ColumnElement[bool], ...]
    sought: tuple[Sought, ...]
    facts: frozenset[str]
    is_narrow: bool
    is_corrected: bool = False
    beyond_names: bool = False  # what has all words of a question in its names is left out

    @property
    def uses_index(self) -> bool:
        return bool(self.facts or any(one.question for one in self.sought))

    @property
    def is_spellable(self) -> bool:
        """Whether a word could have been misspelt."""
        return any(one.is_spellable for one in self.sought)

    def where(
        self, session: ReadSession, window: Window | None = None, *, within: Sequence[int] | None = None
    ) -> Conditions:
        """Of `Item`: all conditions. `window`: only ids above the first number and up to the second one; `within`:
        only these."""
        # An expression, so that no database gathers these ids by themselves.
        between = [Item.id + 0 > window[0], Item.id + 0 <= window[1]] if window else []
        rows = self.without_words()
        return [
            *(search.beside(session, rows) if window else rows),
            *self.found(session, None if within is not None else window, within),
            *between,
        ]

    def found(
        self, session: ReadSession, window: Window | None = None, within: Sequence[int] | None = None
    ) -> Conditions:
        """Of these, the ones that the index of words answers."""
        conditions: Conditions = []
        asked_facts = self.facts
        for one in self.sought:
            conditions += searching.found(
                session, one, facts=asked_facts, window=window, beyond_names=self.beyond_names, ids=within
            )
            asked_facts = frozenset()
        return conditions

    def correct(self, session: ReadSession) -> Asked | None:
        """With other words for those that may be misspelt; None if there are none."""
        better = [searching.corrected(session, one) for one in self.sought]
        if not any(better):
            return None
        sought = tuple(new or old for new, old in zip(better, self.sought, strict=True))
        return replace(self, sought=sought, is_corrected=True)

    def by_names(self) -> Asked:
        """With all words in names."""
        return replace(self, sought=tuple(searching.by_names(one) for one in self.sought))

    def by_texts(self) -> Asked:
        """With at least one word that is not in a name."""
        return replace(self, beyond_names=True)

    def without_words(self) -> Conditions:
        """All conditions but the words."""
        return [held(self.principal, in_trash=self.in_trash), *self.rows]

    def newest(
        self,
        session: ReadSession,
        limit: int,
        *,
        below: int | None = None,
        also: Sequence[ColumnElement[bool]] = (),
        first: int = 0,
    ) -> list[int]:
        """Ids of the first of them, the newest first, from below an id on. `also`: further conditions of `Item`;
        `first`: how many ids, at least, are to be looked at together: it is known that few are found among them."""
        return self._in_turn(session, limit, below, also, first, newest=True)

    def oldest(self, session: ReadSession, limit: int, *, above: int = 0) -> list[int]:
        """As `newest`, in the other order."""
        return self._in_turn(session, limit, above, (), 0, newest=False)

    def _in_turn(
        self,
        session: ReadSession,
        limit: int,
        beyond: int | None,
        also: Sequence[ColumnElement[bool]],
        first: int,
        *,
        newest: bool,
    ) -> list[int]:
        if not self.uses_index:
            return self._first(session, limit, beyond, also, newest=newest)
        if not search.streams(session):
            return self._by_windows(session, limit, beyond, also, first, newest=newest)
        mine = self.few(session)
        theirs = self.without_words() if mine is None else [Item.id.in_(mine), *self.rows]
        stream = searching.stream(
            session, self.sought, facts=self.facts, where=[*theirs, *also], is_falling=newest, beyond=beyond,
            beyond_names=self.beyond_names,
        )  # fmt: skip
        if stream is not None:
            return list(session.scalars(stream.limit(limit)))
        return self._by_windows(session, limit, beyond, also, first, newest=newest)

    def _by_windows(
        self,
        session: ReadSession,
        limit: int,
        beyond: int | None,
        also: Sequence[ColumnElement[bool]],
        first: int,
        *,
        newest: bool,
    ) -> list[int]:
        """Each window is as wide as will do, by how many there were so far. Of a user who has few of all items, all
        are asked for at once."""
        last = session.scalar(select(func.max(Item.id))) or 0
        few = self.few(session, min(FEW, last // MANY))
        mine = None if few is None else list(session.scalars(few))
        at = (last if beyond is None else min(beyond - 1, last)) if newest else beyond or 0
        is_one_word = sum(len(one.question) for one in self.sought) < 2
        first = max(first, search.FIRST_WINDOW if is_one_word else search.FIRST_OF_SEVERAL)
        size, seen = first if mine is None else last, 0
        found: list[int] = []
        while at > 0 if newest else at < last:
            window = search.window(session, at, size, is_falling=newest)
            query = select(Item.id).where(*self.where(session, window, within=mine), *also)
            query = query.order_by(Item.id.desc() if newest else Item.id)
            found += session.scalars(query.limit(limit - len(found)))
            if len(found) >= limit:
                break
            at = window[0] if newest else window[1]
            seen += window[1] - window[0]
            size = _enough(seen, len(found), limit)
        return found

    def _first(
        self,
        session: ReadSession,
        limit: int,
        beyond: int | None,
        also: Sequence[ColumnElement[bool]],
        *,
        newest: bool,
    ) -> list[int]:
        """Without words to look for, the memberships of the caller are gone through in their order."""
        if self.principal.is_superuser or self.is_narrow:
            column, query = Item.id, select(Item.id).where(*self.where(session), *also)
        else:
            column = Membership.item_id
            query = select(column).where(*memberships_of(self.principal, in_trash=self.in_trash))
            if self.rows or also:
                query = query.join(Item, Item.id == column).where(*self.rows, *also)
        if beyond is not None:
            query = query.where(column < beyond if newest else column > beyond)
        return list(session.scalars(query.order_by(column.desc() if newest else column).limit(limit)))

    def mine(self) -> Select[int]:
        """Ids of all that the caller holds, or has in the trash."""
        return select(Membership.item_id).where(*memberships_of(self.principal, in_trash=self.in_trash))

    def few(self, session: ReadSession, most: int | None = None) -> Select[int] | None:
        """Ids of the caller's items, if they are few."""
        most = FEW if most is None else most
        if self.principal.is_superuser:
            return None
        some = self.mine()
        if not self.in_trash:
            # With what is in the trash: an index alone answers it.
            some = select(Membership.item_id).where(Membership.user_id == self.principal.id)
        count = select(func.count()).select_from(some.limit(most + 1).subquery())
        return self.mine() if (session.scalar(count) or 0) <= most else None


def _enough(seen: int, found: int, wanted: int) -> int:
    """How many ids to look at next if among `seen` were so many: a quarter more than should do."""
    most = seen * search.MOST_GROWTH
    return min(seen * (wanted - found) * 5 // (found * 4) + 1, most) if found else most


def ask(session: ReadSession, principal: Principal, wanted: Filter) -> Asked:
    """What the filter means, as it is written."""
    filters = unfolded(session, principal, wanted)
    said = (
        facts(kind=one.kind, site=one.site, artist=one.artist, album=one.album, genre=one.genre)
        for one in filters
    )
    known = frozenset[str]().union(*said)
    if known and not search.is_complete(session):
        known = frozenset()
    sought = [searching.understood(session, principal, one.q) for one in filters if one.q]
    if known and not sought:
        sought = [searching.nothing(principal)]
    return Asked(
        principal,
        wanted.in_trash,
        tuple(one for part in filters for one in (*described(part), *personal(principal, part))),
        tuple(sought),
        known,
        any(is_narrow(one) for one in filters),
    )


def settled(session: ReadSession, asked: Asked) -> Asked:
    """The same; with misspelt words corrected, if nothing is found as it is written."""
    if not asked.is_spellable or asked.newest(session, 1):
        return asked
    return asked.correct(session) or asked


def conditions(session: ReadSession, principal: Principal, wanted: Filter) -> Conditions:
    """Of `Item`: what the filter says, for what the caller may see. `where(*conditions(…))`."""
    return settled(session, ask(session, principal, wanted)).where(session)


def ids(session: ReadSession, principal: Principal, wanted: Filter, limit: int) -> list[int]:
    """Ids of the items that are meant, newest first, at most `limit` of them."""
    return settled(session, ask(session, principal, wanted)).newest(session, limit)
