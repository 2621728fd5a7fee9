"""NFO files: what Kodi and Jellyfin read about a video beside it, and about a show in its folder.

The elements are those of https://kodi.wiki/view/NFO_files, which Jellyfin reads as well.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from magpie.downloads.extractors.port import Medium
from magpie.library.naming import Naming, published, values_of
from magpie.library.presets import Layout, layout_of

MARK = "Made by Magpie"
MIME = "text/xml"
_ROOTS = {
    Layout.EPISODE: "episodedetails",
    Layout.DATED: "episodedetails",
    Layout.MOVIE: "movie",
    Layout.MUSIC_VIDEO: "musicvideo",
}
# All that XML 1.0 does not know (https://www.w3.org/TR/xml/#charsets); no escape makes it valid.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MAX_TAGS = 30


def of_medium(medium: Medium, site: str, naming: Naming) -> bytes:
    """The document for a video."""
    layout = layout_of(medium)
    values, moment = values_of(medium, site, naming), published(medium)
    root = ElementTree.Element(_ROOTS[layout])
    _add(root, "title", medium.title)
    if layout in (Layout.EPISODE, Layout.DATED):
        _add(root, "showtitle", values["channel"])
        _add(root, "season", values["season"])
        _add(root, "episode", values["episode"])
        _add(root, "aired", moment.date().isoformat() if moment else None)
    if layout is Layout.MUSIC_VIDEO:
        _add(root, "artist", medium.artist)
        _add(root, "album", medium.album)
    _add(root, "plot", medium.description)
    _add(root, "premiered", moment.date().isoformat() if moment else None)
    _add(root, "year", values["year"])
    _add(root, "runtime", max(1, round(medium.duration / 60)) if medium.duration else None)
    _add(root, "studio", values["channel"] or site)
    for tag in _tags(medium):
        _add(root, "tag", tag)
    _identity(root, medium.extractor, medium.source_id)
    return _document(root)


def of_show(medium: Medium, site: str, naming: Naming) -> bytes:
    """The document for the show that the video is an episode of."""
    root = ElementTree.Element("tvshow")
    channel = values_of(medium, site, naming)["channel"]
    _add(root, "title", channel)
    _add(root, "studio", site)
    identity = medium.extra.get("channel_id")
    _identity(root, medium.extractor, str(identity or channel or site))
    return _document(root)


def _tags(medium: Medium) -> list[str]:
    tags = medium.extra.get("tags")
    return [tag for tag in tags if isinstance(tag, str)][:MAX_TAGS] if isinstance(tags, list) else []


def _identity(root: ElementTree.Element, kind: str, identity: str) -> None:
    element = ElementTree.SubElement(root, "uniqueid", {"type": _plain(kind), "default": "true"})
    element.text = _plain(identity)


def _add(root: ElementTree.Element, name: str, value: object) -> None:
    if value is not None and value != "":
        ElementTree.SubElement(root, name).text = _plain(str(value))


def _plain(text: str) -> str:
    return _NO_XML.sub("", text)


def _document(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<!-- {MARK} -->\n{text}\n'.encode()
