"""YouTube Music's `browse`, in the shapes that ytmusicapi reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tests.support.platforms.base import Platform, Song, said
from tests.support.servers.double import Call, Reply

PAGE = 100


@dataclass(slots=True)
class YTMusicDouble(Platform):
    name: ClassVar[str] = "ytmusic"
    ref_id: ClassVar[str] = "PLQwVIlKxHM6qv-o99iX9R85og7IzF9YS_"
    tells: ClassVar[frozenset[str]] = frozenset({"album", "duration", "available", "description", "owner"})

    nested_token: bool = False  # the continuation among other commands, as for lists that people vote on

    def settings(self) -> dict[str, Any]:
        return {"ytmusic_url": self.url}

    def source_id(self, song: Song) -> str:
        return f"vid{song.number:08d}"

    def tell(self, call: Call) -> Reply:
        if call.method != "POST" or call.path != "/youtubei/v1/browse":
            return Reply(status=404)
        question = call.json
        assert question["context"]["client"]["clientName"] == "WEB_REMIX"
        if "continuation" in question:
            return self._continued(int(question["continuation"].removeprefix("from-")))
        return self._first() if question.get("browseId") == f"VL{self.ref_id}" else self.told_gone()

    def _first(self) -> Reply:
        header = {"musicResponsiveHeaderRenderer": self._header()}
        tab = {"tabRenderer": {"content": {"sectionListRenderer": {"contents": [header]}}}}
        shelf: dict[str, Any] = {"targetId": self.ref_id, "collapsedItemCount": len(self.listing.songs)}
        if self.listing.songs:
            shelf["contents"] = self._items(0)
        sections = {"sectionListRenderer": {"contents": [{"musicPlaylistShelfRenderer": shelf}]}}
        columns = {"tabs": [tab], "secondaryContents": sections}
        return said({"responseContext": {}, "contents": {"twoColumnBrowseResultsRenderer": columns}})

    def _header(self) -> dict[str, Any]:
        listing = self.listing
        unit = "track" if listing.claimed == 1 else "tracks"
        texts = ["1.2M views", " • ", f"{listing.claimed:,} {unit}", " • ", "6+ hours"]
        shown = {
            "thumbnails": [{"url": "https://lh3.googleusercontent.com/cover", "width": 226, "height": 226}]
        }
        return {
            "title": {"runs": [{"text": listing.title}]},
            "subtitle": {"runs": [{"text": "Playlist"}, {"text": " • "}, {"text": "2024"}]},
            "secondSubtitle": {"runs": [{"text": text} for text in texts]},
            "facepile": {"avatarStackViewModel": {"text": {"content": listing.owner}, "rendererContext": {}}},
            "description": {
                "musicDescriptionShelfRenderer": {"description": {"runs": [{"text": listing.description}]}}
            },
            "thumbnail": {"musicThumbnailRenderer": {"thumbnail": shown}},
            "buttons": [],
        }

    def _items(self, begin: int) -> list[dict[str, Any]]:
        page = self.listing.songs[begin : begin + PAGE]
        items: list[dict[str, Any]] = [{"musicResponsiveListItemRenderer": self._row(song)} for song in page]
        if begin + PAGE < len(self.listing.songs):
            command = {
                "continuationCommand": {
                    "token": f"from-{begin + PAGE}",
                    "request": "CONTINUATION_REQUEST_TYPE_BROWSE",
                }
            }
            nested = {
                "commandExecutorCommand": {"commands": [{"playlistVotingRefreshPopupCommand": {}}, command]}
            }
            endpoint = nested if self.nested_token else command
            items.append({"continuationItemRenderer": {"continuationEndpoint": endpoint}})
        return items

    def _continued(self, begin: int) -> Reply:
        action = {"appendContinuationItemsAction": {"continuationItems": self._items(begin)}}
        return said({"responseContext": {}, "onResponseReceivedActions": [action]})

    def _row(self, song: Song) -> dict[str, Any]:
        video = self.source_id(song)
        listed = song.is_available  # nothing leads anywhere from one that is not to be had
        title: dict[str, Any] = {"text": song.title}
        if listed:
            title["navigationEndpoint"] = {"watchEndpoint": {"videoId": video, "playlistId": self.ref_id}}
        row: dict[str, Any] = {
            "flexColumns": [
                _column([title]),
                _column(_artists(song, listed)),
                _column([_page(song.album, "MPREb_x", "MUSIC_PAGE_TYPE_ALBUM", listed)]),
            ],
            "fixedColumns": [
                {
                    "musicResponsiveListItemFixedColumnRenderer": {
                        "text": {"runs": [{"text": f"{song.duration // 60}:{song.duration % 60:02d}"}]}
                    }
                }
            ],
            "playlistItemData": {"videoId": video, "playlistSetVideoId": "ABC"},
        }
        if not listed:
            row["musicItemRendererDisplayPolicy"] = "MUSIC_ITEM_RENDERER_DISPLAY_POLICY_GREY_OUT"
            return row
        play = {"playNavigationEndpoint": {"watchEndpoint": {"videoId": video}}}
        row["overlay"] = {"musicItemThumbnailOverlayRenderer": {"content": {"musicPlayButtonRenderer": play}}}
        return row

    def told_gone(self) -> Reply:
        return said({"responseContext": {}, "contents": {"messageRenderer": {}}})

    def told_private(self) -> Reply:
        return said({"responseContext": {}, "alerts": [{"alertRenderer": {"type": "ERROR"}}]})


def _column(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"musicResponsiveListItemFlexColumnRenderer": {"text": {"runs": runs}}}


def _page(text: str, browse_id: str, kind: str, listed: bool) -> dict[str, Any]:
    config = {"browseEndpointContextMusicConfig": {"pageType": kind}}
    endpoint = {"browseId": browse_id, "browseEndpointContextSupportedConfigs": config}
    return {"text": text, "navigationEndpoint": {"browseEndpoint": endpoint}} if listed else {"text": text}


def _artists(song: Song, listed: bool) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for name in song.artists:
        runs += [{"text": " & "}] if runs else []
        runs.append(_page(name, "UCx", "MUSIC_PAGE_TYPE_ARTIST", listed))
    return runs
