"""EPUB: the chapters in reading order, each with a heading (its own, or the one in the table of contents)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from magpie.podcasts.texts.document import MAX_CHARACTERS, Unreadable
from magpie.podcasts.texts.formats.archives import opened, part, resolved
from magpie.podcasts.texts.formats.markup import drop_hidden, letters_of, markdown_of, tree_of
from magpie.podcasts.texts.formats.raw import Raw

_PAGES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_FIRST_HEADING = 400  # characters at a chapter's beginning that its heading stands in


def read_epub(path: Path) -> Raw:
    """Raises `Unreadable`."""
    with opened(path) as archive:
        package_name = _package(archive)
        package = _xml(archive, package_name)
        if package is None:
            raise _damaged()
        pages = _pages(archive, package, package_name)
        titles = _contents(archive, package, package_name)
        text = _chapters(archive, pages, titles)
    return Raw(text, _fact(package, "title"), _fact(package, "language") or None)


def _damaged() -> Unreadable:
    return Unreadable("damaged", "The EPUB is damaged: its table of parts cannot be read.")


def _package(archive: zipfile.ZipFile) -> str:
    container = _xml(archive, "META-INF/container.xml")
    for found in container.iter("{*}rootfile") if container is not None else ():
        if name := found.get("full-path"):
            return resolved("", name)
    raise _damaged()


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    """A part as a tree, as far as it can be read; None if there is none."""
    from lxml import etree  # type: ignore[import-untyped]

    data = part(archive, name)
    if not data:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _fact(package: Any, name: str) -> str:
    found = package.find(f".//{{http://purl.org/dc/elements/1.1/}}{name}")
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _manifest(package: Any, base: str) -> dict[str, tuple[str, Any]]:
    """The parts by their ids: name and entry."""
    return {
        one.get("id"): (resolved(base, one.get("href")), one)
        for one in package.iter("{*}item")
        if one.get("id") and one.get("href")
    }


def _pages(archive: zipfile.ZipFile, package: Any, base: str) -> list[str]:
    """The names of the chapters' parts in reading order. Raises `Unreadable` where they are locked."""
    manifest, pages = _manifest(package, base), []
    for reference in package.iter("{*}itemref"):
        name, entry = manifest.get(reference.get("idref"), ("", None))
        if (
            entry is None
            or reference.get("linear") == "no"
            or "nav" in (entry.get("properties") or "").split()
        ):
            continue
        if (entry.get("media-type") or "") in _PAGES and name not in pages:
            pages.append(name)
    locked = _locked(archive)
    if locked.intersection(pages):
        raise Unreadable("encrypted", "The book is locked by its seller (DRM).")
    return pages


def _locked(archive: zipfile.ZipFile) -> set[str]:
    """Parts that are encrypted; fonts often are, in books that are open otherwise."""
    found = _xml(archive, "META-INF/encryption.xml")
    if found is None:
        return set()
    return {resolved("", one.get("URI")) for one in found.iter("{*}CipherReference") if one.get("URI")}


def _contents(archive: zipfile.ZipFile, package: Any, base: str) -> dict[str, str]:
    """Chapters' titles by the names of their parts: of EPUB 3's `nav`, else of EPUB 2's NCX. The first one counts."""
    titles: dict[str, str] = {}
    for name, entry in _manifest(package, base).values():
        if "nav" in (entry.get("properties") or "").split():
            tree = tree_of(letters_of(part(archive, name) or b""))
            for link in tree.iter("a") if tree is not None else ():
                if link.get("href"):
                    titles.setdefault(resolved(name, link.get("href")), " ".join(link.text_content().split()))
        elif entry.get("media-type") == "application/x-dtbncx+xml":
            ncx = _xml(archive, name)
            for point in ncx.iter("{*}navPoint") if ncx is not None else ():
                label, goal = point.find("{*}navLabel/{*}text"), point.find("{*}content")
                if label is not None and label.text and goal is not None and goal.get("src"):
                    titles.setdefault(resolved(name, goal.get("src")), " ".join(label.text.split()))
    return titles


def _chapters(archive: zipfile.ZipFile, pages: list[str], titles: dict[str, str]) -> str:
    parts, total = [], 0
    for name in pages:
        data = part(archive, name)
        tree = tree_of(letters_of(data)) if data else None
        if tree is None:
            continue
        drop_hidden(tree)
        text = markdown_of(tree)
        if not text:
            continue
        title = titles.get(name, "")
        if title and not _HEADING.search(text[:_FIRST_HEADING]):
            body = text[len(title) :].lstrip() if text.casefold().startswith(title.casefold()) else text
            text = f"# {title}\n\n{body}"
        total += len(text)
        if total > MAX_CHARACTERS * 2:
            raise Unreadable("too_large", f"The text has more than {MAX_CHARACTERS:,} characters.")
        parts.append(text)
    return "\n\n".join(parts)
