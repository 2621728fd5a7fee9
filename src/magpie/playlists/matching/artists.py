"""Who made a recording: names taken apart, and compared as sets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz

from magpie.playlists.matching import vocabulary
from magpie.playlists.matching.aliases import Aliases, folded_key, is_separated, name_key
from magpie.playlists.matching.fold import fold, has_cjk, script, squeeze, written_out
from magpie.playlists.matching.romanise import romanised

_NOBODY = frozenset({"", *map(name_key, vocabulary.NOBODY)})
# `X & the Y` and `X with his orchestra` are one act.
_BAND = re.compile(
    r"\s(?:&|and|\+|with|y|e|und|et)\s(?:the|his|her|los|las|die|friends|sons|co\b|company|family|his orchestra)(?![a-z])"
)
_STRONG = re.compile(
    r"\s*[;|/\\]\s*|\s+(?:feat\b\.?|ft\b\.?|featuring|vs\b\.?|starring)\s+|\s*(?<![a-z])(?:feat|ft)\.\s*|\s+(?:x(?!\s+(?:feat|ft|and|with|x)(?![a-z]))|with|w/)\s+|\s*[,&+](?=\s|[^\x00-\x7f])\s*|(?<=[^\x00-\x7f])\s*[,&+x]\s*"
    r"|\s+(?:and|y|e|und|et|con|presents|pres\b\.?)\s+"
)
_CV = re.compile(r"\(?\s*(?:cv|c\.v|vo)[.:·\s]+([^()]+)\)?")
_BRACKET = re.compile(r"\(([^()]*)\)?")
_SUFFIX = re.compile(r"(?:乐队|乐团|乐园|组合|合唱团|band)$")
# A musician's name within that of the band around them.
_ENSEMBLE = re.compile(
    r"^(?:the )?(\S+ \S.*?) (?:experience|band|trio|quartet|quintet|sextet|big band|and his \w+)$"
)
# What a platform's channel has behind the artist's name.
_CHANNEL = re.compile(
    rf"\s+-\s+(?:topic|{fold('トピック')}|主题|tema|thema|тема)$|(?<=\w\w)vevo$|\s+(?:official )?(?:youtube )?channel$"
    rf"|(?<=\S)\s+(?:official|{fold('オフィシャル')}|官方频道|官方)(?: (?:youtube )?channel)?$"
)
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]{2,}")
_NOT_CJK_RUN = re.compile(r"[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af()]{3,}")
_TOO_GENERAL = frozenset(
    {
        "dj",
        "mc",
        "band",
        "the",
        "official",
        "music",
        "singer",
        "boys",
        "girls",
        "cover",
        "群星",
        "歌手",
        "乐队",
    }
)


class Kinship(StrEnum):
    """How the artists of two tracks agree."""

    SAME = "same"  # the same set of names
    ALIAS = "alias"  # the same set, by names that the table joins
    MORE = "more"  # all of one side's are among the other's
    PARTLY = "partly"  # some are shared, and each side has others
    NEAR = "near"  # a slip of the pen
    ROMANISED = "romanised"  # sounds alike; proves nothing
    UNKNOWN = "unknown"  # one side tells nobody
    INCOMPARABLE = "incomparable"  # in different scripts, and not in the table
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Artist:
    """One name: `ids` are the artists that it may stand for, of which one is meant."""

    name: str  # folded
    key: str
    ids: frozenset[str]
    is_known: bool  # in the table of aliases
    kind: str = "artist"


@dataclass(frozen=True, slots=True)
class Artists:
    """All artists of a track. `whole` are the ids of the names before anything was split."""

    members: tuple[Artist, ...]
    whole: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Everything to look a track up by."""
        return frozenset(one for member in self.members for one in member.ids) | self.whole


def without_channel(folded: str) -> str:
    """The artist whose channel a folded name is: `Adele - Topic`, `AdeleVEVO`."""
    return _CHANNEL.sub("", folded)


def split(raw: str, aliases: Aliases) -> list[str]:
    """The names in what a tag tells as one, folded. Names that the table protects stay whole."""
    folded = without_channel(fold(raw))
    if not is_separated(folded):
        return [folded]
    if aliases.is_protected(folded_key(folded)) or _BAND.search(folded):
        return [folded]
    pieces = [piece for piece in _STRONG.split(folded) if piece]
    return _rejoined(pieces, folded, aliases)


def _rejoined(pieces: list[str], folded: str, aliases: Aliases) -> list[str]:
    """Neighbours that make up a protected name within a longer list become one again."""
    found, at = [], 0
    while at < len(pieces):
        for end in range(len(pieces), at + 1, -1):
            start, stop = folded.find(pieces[at]), folded.rfind(pieces[end - 1]) + len(pieces[end - 1])
            if aliases.is_protected(folded_key(folded[start:stop])):
                found.append(folded[start:stop])
                at = end
                break
        else:
            found.append(pieces[at])
            at += 1
    return [one for one in found if squeeze(one)]


def artist(folded: str, aliases: Aliases) -> Artist:
    """Read one name, with what stands in brackets or in another script beside it."""
    if voice := _CV.search(folded):
        folded = voice[1].strip()
    key = folded_key(folded)
    keys = {key, *_variants(folded, key, aliases)}
    ids = frozenset(aliases.id_of(one) for one in keys)
    known = aliases.knows(key)
    if known:
        ids = frozenset((aliases.id_of(key), *(aliases.id_of(one) for one in _leaders(folded, aliases))))
    tokens = [one for one in re.split(r"[\W_]+", folded) if one]
    if not known and 2 <= len(tokens) <= 4 and folded.isascii():
        ids |= {"~" + " ".join(sorted(tokens))}
    kind = aliases.kind_of(aliases.id_of(key))
    return Artist(folded, key, ids, known or any(aliases.knows(one) for one in keys), kind)


def _variants(folded: str, key: str, aliases: Aliases) -> Iterable[str]:
    """Other keys of one name: without its bracket or the bracket alone, each of its scripts, without `band`."""
    outside = _BRACKET.sub(" ", folded).strip()
    if outside and outside != folded:
        yield folded_key(outside)
    for inside in _BRACKET.findall(folded):
        if len(squeeze(inside)) > 1 and folded_key(inside) not in _TOO_GENERAL:
            yield folded_key(inside)
    if has_cjk(folded) and re.search(r"[a-z]", folded):
        for piece in (*_CJK_RUN.findall(folded), *_NOT_CJK_RUN.findall(folded)):
            if len(one := folded_key(piece)) > 1 and one not in _TOO_GENERAL:
                yield one
    if (shorter := _SUFFIX.sub("", key)) != key and len(shorter) > 1:
        yield shorter
    yield from _leaders(folded, aliases)


def _leaders(folded: str, aliases: Aliases) -> Iterable[str]:
    """Who a band is named after: Prince and the Revolution, The Jimi Hendrix Experience."""
    if band := _BAND.search(folded):
        yield folded_key(folded[: band.start()])
    if ensemble := _ENSEMBLE.match(folded):
        yield folded_key(ensemble[1])
    first = _STRONG.split(folded, maxsplit=1)[0].strip()
    if aliases.knows(folded_key(first)):  # 伍佰 & China Blue
        yield folded_key(first)


def read(names: Iterable[str], aliases: Aliases, guests: Iterable[str] = ()) -> Artists:
    """The artists that a track tells, and the guests in its title. Names that mean nobody are left out."""
    members: dict[str, Artist] = {}
    whole = set()
    for raw in names:
        whole.add(aliases.id_of(folded_key(without_channel(fold(raw)))))
        for piece in split(raw, aliases):
            one = artist(piece, aliases)
            if one.key and one.key not in _NOBODY:
                members.setdefault(one.key, one)
        _write_out(raw, members, aliases)
    for raw in guests:
        for piece in split(raw, aliases):
            one = artist(piece.strip(" ."), aliases)
            if one.key and members:
                members.setdefault(one.key, one)
    return Artists(tuple(members.values()), frozenset(whole) - _NOBODY)


def _write_out(raw: str, members: dict[str, Artist], aliases: Aliases) -> None:
    """Give names with umlauts the keys that they have when these are written as two letters."""
    if (other := written_out(raw)) == raw:
        return
    for piece, spelt in zip(split(raw, aliases), split(other, aliases), strict=False):
        key = folded_key(piece)
        if key in members:
            held = members[key]
            members[key] = replace(held, ids=held.ids | {aliases.id_of(folded_key(spelt))})


def compare(wanted: Artists, held: Artists) -> Kinship:
    """How far the two sets are the same."""
    if not wanted.members or not held.members:
        return Kinship.UNKNOWN
    if wanted.whole & held.whole and len(wanted.whole) == len(held.whole) == 1:
        return _same_or_alias(wanted, held)
    pairs = [(one, other) for one in wanted.members for other in held.members if one.ids & other.ids]
    if pairs:
        return _kinship(pairs, wanted, held)
    return _unlike(wanted, held)


def _same_or_alias(wanted: Artists, held: Artists) -> Kinship:
    same = {one.key for one in wanted.members} & {one.key for one in held.members}
    return Kinship.SAME if same else Kinship.ALIAS


def _kinship(pairs: list[tuple[Artist, Artist]], wanted: Artists, held: Artists) -> Kinship:
    ours, theirs = {one.key for one, _ in pairs}, {other.key for _, other in pairs}
    our_others = [one for one in wanted.members if one.key not in ours and not _is_within(one, held)]
    their_others = [one for one in held.members if one.key not in theirs and not _is_within(one, wanted)]
    if not our_others and not their_others:
        return Kinship.SAME if ours & theirs else Kinship.ALIAS
    # A composer, or a voice that is a program, is shared by many recordings: who plays tells them apart.
    if all(one.kind != "artist" or other.kind != "artist" for one, other in pairs):
        return Kinship.DIFFERENT if our_others and their_others else Kinship.PARTLY
    if our_others and their_others:
        performers = [one for one in (*our_others, *their_others) if one.kind == "artist"]
        ours_left = [one for one in our_others if one.kind == "artist"]
        return Kinship.PARTLY if performers and len(performers) > len(ours_left) > 0 else Kinship.MORE
    return Kinship.MORE


def _is_within(one: Artist, others: Artists) -> bool:
    """Whether a guest is named there with the band, or here: Hayley Williams (of Paramore), (五月天)阿信."""
    for other in others.members:
        shorter, longer = sorted((one.key, other.key), key=len)
        if len(shorter) >= (2 if has_cjk(shorter) else 8) and (
            longer.startswith(shorter) or longer.endswith(shorter)
        ):
            return True
    return False


def main_is_shared(wanted: Artists, held: Artists) -> bool:
    """Whether each side's first artist is among the other side's."""
    firsts = ((wanted.members[0], held.members), (held.members[0], wanted.members))
    return all(any(first.ids & other.ids for other in others) for first, others in firsts)


def _unlike(wanted: Artists, held: Artists) -> Kinship:
    found = Kinship.DIFFERENT
    for one in wanted.members:
        for other in held.members:
            here, there = script(one.name), script(other.name)
            if here == there:
                if len(one.key) >= 6 and not has_cjk(one.key) and fuzz.ratio(one.key, other.key) >= 88:
                    return Kinship.NEAR
            elif one.is_known and other.is_known:
                continue  # two artists, as the table says
            elif _sounds_like(one, other):
                return Kinship.ROMANISED
            elif len(wanted.members) == 1 or len(held.members) == 1:
                found = Kinship.INCOMPARABLE
    return found


def _sounds_like(one: Artist, other: Artist) -> bool:
    ours, theirs = romanised(one.name), romanised(other.name)
    return len(ours) >= 4 and (
        fuzz.ratio(ours, theirs) >= 88 or (sorted(ours) == sorted(theirs) and ours[:2] in theirs)
    )
