"""A Jellyfin server as a `MediaServer`."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from magpie.playlists.servers.jellyfin import reading
from magpie.playlists.servers.jellyfin.session import Session
from magpie.playlists.servers.port import (
    Capabilities,
    Checked,
    Entry,
    Fault,
    Login,
    MusicLibrary,
    ServerFailed,
    ServerPlaylist,
)
from magpie.playlists.servers.wire import MAX_LISTED, part
from magpie.playlists.tracks import Track

CHUNK = 100  # ids in one write: 33 characters each, in the address
CAPABILITIES = Capabilities(
    can_move=False,
    can_replace=True,
    can_describe=True,
    can_poster=True,
    can_scan_path=True,
    tells_changes=True,
    keeps_duplicates=True,
    chunk=CHUNK,
)
KEEPS_DOUBLES = (
    10,
    12,
)  # the first version that does; those before drop what is there already, without a word
REPLACES = (10, 9)  # the first version that takes a whole list, and that moves by a user's token only
NEW_PATHS = (10, 9)  # the first version without the user in the path
PAGE = 500
_FIELDS = "Path,ProviderIds"


class JellyfinServer:
    """One connection; see `port.MediaServer`."""

    kind: ClassVar[str] = "jellyfin"

    def __init__(self, login: Login) -> None:
        self._session = Session(login)

    @property
    def capabilities(self) -> Capabilities:
        """At best; less once the version and the account are known."""
        known = self._session.known
        if known is None:
            return CAPABILITIES
        about, account = known
        return replace(
            CAPABILITIES,
            # Later versions name an entry like its song: a move could take the wrong one of two doubles.
            can_move=about.numbers < REPLACES,
            can_replace=account.is_own and about.numbers >= REPLACES,
            can_describe=account.is_admin or not account.is_own,
            can_poster=account.is_admin or not account.is_own,
            keeps_duplicates=about.numbers >= KEEPS_DOUBLES,
        )

    def close(self) -> None:
        self._session.close()

    def check(self) -> Checked:
        about, account = self._session.about(), self._session.account()
        libraries = self._libraries()
        if not libraries:
            self._session.wire.fail(Fault.NO_MUSIC, "has no music library that this account can see")
        return Checked(about.id, about.name, about.version, tuple(libraries), account.name or None)

    def tracks(self, library: str | None = None, *, since: datetime | None = None) -> Iterator[Track]:
        query = [
            ("includeItemTypes", "Audio"),
            ("recursive", "true"),
            ("fields", _FIELDS),
            ("enableImages", "false"),
            ("enableUserData", "false"),
            ("sortBy", "DateCreated,SortName"),
            ("sortOrder", "Ascending"),
        ]
        if since is not None:
            query.append(("minDateLastSaved", since.astimezone(UTC).isoformat().replace("+00:00", "Z")))
        for key in self._keys(library):
            for item in self._pages("/Items", [*query, ("parentId", key)]):
                if track := reading.track_of(item):
                    yield track

    def count(self, library: str | None = None) -> int | None:
        query = [("includeItemTypes", "Audio"), ("recursive", "true"), ("limit", "0")]
        number = 0
        for key in self._keys(library):
            page = self._get("/Items", [*self._user(), *query, ("parentId", key)])
            found = page.get("TotalRecordCount")
            if not isinstance(found, int):
                return None
            number += found
        return number

    def playlists(self) -> list[ServerPlaylist]:
        query = [("includeItemTypes", "Playlist"), ("recursive", "true"), ("fields", _PLAYLIST_FIELDS)]
        items = self._pages("/Items", query)
        return [found for item in items if (found := reading.playlist_of(item))]

    def playlist(self, playlist_id: str) -> ServerPlaylist | None:
        query = [("ids", playlist_id), ("fields", _PLAYLIST_FIELDS)]
        items = reading.items_of(self._get("/Items", [*self._user(), *query])) or []
        return next((found for item in items if (found := reading.playlist_of(item))), None)

    def entries(self, playlist_id: str) -> list[Entry]:
        items = self._pages(f"/Playlists/{part(playlist_id)}/Items", [("fields", _FIELDS)])
        found = reading.entries_of(items)
        if found is None:
            self._session.wire.fail(Fault.UNREADABLE, "lists songs of a playlist without their ids")
        return found

    def create(self, title: str, track_ids: Sequence[str]) -> ServerPlaylist:
        account = self._session.account()
        body = {"Name": title, "Ids": list(track_ids), "UserId": account.user_id, "MediaType": "Audio"}
        answer = self._session.wire.json(self._session.send("POST", "/Playlists", body=body))
        made = reading.text(self._session.dict_of(answer).get("Id"))
        if made is None:
            self._session.wire.fail(Fault.UNREADABLE, "does not say which playlist it made")
        return ServerPlaylist(made, title, len(track_ids))

    def add(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        if track_ids:
            query = [("ids", ",".join(track_ids)), *self._user()]
            self._session.send("POST", f"/Playlists/{part(playlist_id)}/Items", query)

    def remove(self, playlist_id: str, entries: Sequence[Entry]) -> None:
        """Entries that are named like their songs all go when one is named. Where a namesake is to stay, the rest of the
        list is written instead, or what stays is added again behind the removal."""
        going = {entry.id for entry in entries}
        if not going:
            return
        present = self.entries(playlist_id)
        named = Counter(_name(entry) for entry in present)
        leaving = Counter(_name(entry) for entry in present if entry.id in going)
        if all(named[name] == number for name, number in leaving.items()):
            self._remove_names(playlist_id, list(leaving))
            return
        staying = [entry.track_id for entry in present if entry.id not in going]
        if self.capabilities.can_replace:
            self.replace(playlist_id, staying)
            return
        self._rewrite_tail(playlist_id, present, going, leaving)

    def _rewrite_tail(
        self, playlist_id: str, present: list[Entry], going: set[str], leaving: Counter[str]
    ) -> None:
        """Takes away everything from the first place of a doubled song on, and adds again what stays."""
        start = next(index for index, entry in enumerate(present) if _name(entry) in leaving)
        while True:  # what stands before must not share a name with what goes
            names = {_name(entry) for entry in present[start:]}
            earlier = next((i for i, entry in enumerate(present[:start]) if _name(entry) in names), None)
            if earlier is None:
                break
            start = earlier
        tail = [entry.track_id for entry in present[start:] if entry.id not in going]
        self._remove_names(playlist_id, list(dict.fromkeys(_name(entry) for entry in present[start:])))
        for first in range(0, len(tail), CHUNK):
            self.add(playlist_id, tail[first : first + CHUNK])

    def _remove_names(self, playlist_id: str, names: list[str]) -> None:
        for first in range(0, len(names), CHUNK):
            query = [("entryIds", ",".join(names[first : first + CHUNK]))]
            self._session.send("DELETE", f"/Playlists/{part(playlist_id)}/Items", query)

    def move(self, playlist_id: str, entry: Entry, after: Entry | None, index: int) -> None:
        self._session.account()
        if not self.capabilities.can_move:
            self._session.wire.fail(Fault.UNSUPPORTED, "moves songs that it cannot tell apart since 10.9")
        path = f"/Playlists/{part(playlist_id)}/Items/{part(entry.id)}/Move/{index}"
        self._session.send("POST", path)

    def replace(self, playlist_id: str, track_ids: Sequence[str]) -> None:
        self._session.account()
        if not self.capabilities.can_replace:
            self._session.wire.fail(
                Fault.UNSUPPORTED, "cannot replace a playlist by an API key, or before 10.10"
            )
        self._session.send("POST", f"/Playlists/{part(playlist_id)}", body={"Ids": list(track_ids)})

    def describe(self, playlist_id: str, *, title: str | None = None, description: str | None = None) -> None:
        """The whole item is written back as it was told, with what is new: the server takes nothing less."""
        if title is None and description is None:
            return
        item = self._get(self._of_user(f"/Items/{part(playlist_id)}"), self._user())
        item |= {"Name": title} if title is not None else {}
        item |= {"Overview": description} if description is not None else {}
        self._session.send("POST", f"/Items/{part(playlist_id)}", body=item)

    def poster(self, playlist_id: str, picture: bytes, mime: str) -> None:
        self._session.upload(f"/Items/{part(playlist_id)}/Images/Primary", base64.b64encode(picture), mime)

    def delete(self, playlist_id: str) -> None:
        try:
            self._session.send("DELETE", f"/Items/{part(playlist_id)}")
        except ServerFailed as failure:
            if failure.reason is not Fault.NOT_FOUND:
                raise

    def scan(self, library: str | None = None, path: str | None = None) -> None:
        if path is not None:
            update = {"Updates": [{"Path": path, "UpdateType": "Created"}]}
            self._session.send("POST", "/Library/Media/Updated", body=update)
        elif library is not None:
            query = [("metadataRefreshMode", "Default"), ("imageRefreshMode", "Default")]
            self._session.send("POST", f"/Items/{part(library)}/Refresh", query)
        else:
            self._session.send("POST", "/Library/Refresh")

    def _libraries(self) -> list[MusicLibrary]:
        try:
            found = self._session.get("/Library/VirtualFolders")
        except ServerFailed as failure:
            if failure.reason is not Fault.NO_RIGHT:
                raise
            found = self._session.get(self._of_user("/Views"), self._user())
        folders = reading.items_of(found)
        if folders is None:
            self._session.wire.fail(Fault.UNREADABLE, "does not list its libraries")
        return [library for folder in folders if (library := reading.library_of(folder))]

    def _keys(self, library: str | None) -> list[str]:
        chosen = [found.id for found in self._libraries() if library in (None, found.id)]
        if not chosen:
            self._session.wire.fail(Fault.NO_MUSIC, "has no such music library that this account can see")
        return chosen

    def _of_user(self, path: str) -> str:
        """A path about what one user sees, as this version has it."""
        user = self._session.account().user_id
        if self._session.about().numbers < NEW_PATHS:
            return f"/Users/{part(user)}{path}"
        return "/UserViews" if path == "/Views" else path

    def _user(self) -> list[tuple[str, str]]:
        return [("userId", self._session.account().user_id)]

    def _get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
        return self._session.dict_of(self._session.get(path, query))

    def _pages(self, path: str, query: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        start = 0
        while True:
            asked = [*self._user(), *query, ("startIndex", str(start)), ("limit", str(PAGE))]
            page = self._get(path, asked)
            items = reading.items_of(page)
            if items is None:
                self._session.wire.fail(Fault.UNREADABLE, "gave a page that is none")
            yield from items
            start += len(items)
            total = page.get("TotalRecordCount")
            if not isinstance(total, int) or start > MAX_LISTED:
                self._session.wire.fail(Fault.UNREADABLE, "lists without an end")
            if not items or total <= start:
                break


_PLAYLIST_FIELDS = "ChildCount,Overview,CanDelete"


def _name(entry: Entry) -> str:
    return entry.id.split(reading.NTH)[0]
