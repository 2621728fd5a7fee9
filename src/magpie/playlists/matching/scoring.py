"""What speaks for and against two tracks being one recording, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from magpie.playlists.matching import versions
from magpie.playlists.matching.artists import Artists, Kinship, compare, main_is_shared
from magpie.playlists.matching.fold import fold, has_cjk, key, script
from magpie.playlists.matching.romanise import romanised
from magpie.playlists.matching.titles import Title
from magpie.playlists.tracks import Track

SAME_LENGTH = 3.0  # s: two encodings of one recording
LIKE_LENGTH = 10.0  # s: another silence at its ends
FAR_LENGTH = 25.0  # s: what a certain text may differ by
FAR_ON_ALBUM = 45.0  # s: on the same album, too
LIVE_LENGTH = 10.0  # s: two evenings differ by more, as a rule


class Level(IntEnum):
    """How far a pair goes; the better of two candidates is the one at the higher level."""

    NO = 0  # another recording, or another song
    PERHAPS = 1  # a person has to look
    YES = 2


@dataclass(frozen=True, slots=True)
class Read:
    """A track and what has been read from it."""

    track: Track
    title: Title
    artists: Artists
    album: str  # key
    implied: frozenset[str]  # kinds of version that the album tells
    whole: str  # key of the title as it was told


@dataclass(slots=True)
class Finding:
    """The verdict on one pair. `reasons` are typed, the weightiest first; `score` orders candidates."""

    held: Read
    level: Level = Level.NO
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    distance: float | None = None  # seconds between the lengths; None: one is not told
    kinship: Kinship = Kinship.UNKNOWN

    @property
    def kinship_is_sure(self) -> bool:
        """Whether these are the artists, and not somebody whose name is like theirs."""
        return self.kinship in (Kinship.SAME, Kinship.ALIAS, Kinship.MORE)


@dataclass(slots=True)
class _Evidence:
    title: str  # exact | part | near | romanised | differs
    likeness: float  # of the titles, 0..1
    kinship: Kinship
    version: str  # agrees | doubtful | differs
    version_reason: str
    distance: float | None
    same_album: bool

    def within(self, seconds: float) -> bool:
        """Whether both lengths are told and this close."""
        return self.distance is not None and self.distance <= seconds

    def beyond(self, seconds: float) -> bool:
        return self.distance is not None and self.distance > seconds


def judge(wanted: Read, held: Read) -> Finding:
    """Whether `held` is what is wanted, by text and length alone."""
    evidence = _evidence(wanted, held)
    level, doubts = _decide(evidence, wanted, held)
    score = _score(evidence, wanted, held)
    finding = Finding(held, level, score, distance=evidence.distance, kinship=evidence.kinship)
    finding.reasons = [*doubts, *_told(evidence)]
    return finding


def _evidence(wanted: Read, held: Read) -> _Evidence:
    title, likeness = titles_agree(wanted.title, held.title)
    distance = None
    if wanted.track.duration and held.track.duration:
        distance = abs(wanted.track.duration - held.track.duration)
    same_album = bool(wanted.album) and wanted.album == held.album
    version, reason = versions_agree(wanted, held, distance)
    return _Evidence(
        title, likeness, compare(wanted.artists, held.artists), version, reason, distance, same_album
    )


# --- titles ------------------------------------------------------------------------------------------------------


def titles_agree(wanted: Title, held: Title) -> tuple[str, float]:
    """`exact`, `part`, `near`, `romanised`, `number` or `differs`, and the likeness of the names."""
    if not wanted.base or not held.base:
        return "differs", 0.0
    if not _numbers_agree(wanted, held):
        same = wanted.names & held.names
        return ("number" if same else "differs"), fuzz.ratio(wanted.base, held.base) / 100
    if _without_article(wanted.names) & _without_article(held.names) or (
        wanted.whole and wanted.whole == held.whole
    ):
        return _with_extras(wanted, held), 1.0
    if (wanted.weak | wanted.names) & (held.weak | held.names):
        return "exact", 0.98
    if (wanted.loose | wanted.names) & (held.loose | held.names):
        return "part", 0.95
    return _unlike(wanted, held)


def _numbers_agree(wanted: Title, held: Title) -> bool:
    """Whether the same numbers are told; of a work in a catalogue one may be told twice: Nocturne No. 2, Op. 9 No. 2."""
    if wanted.is_work and held.is_work:
        return set(wanted.numbers) == set(held.numbers)
    return wanted.numbers == held.numbers


def _without_article(names: frozenset[str]) -> frozenset[str]:
    """Names, and the same without the article that is told or not: (The) Rhythm of the Night."""
    return names | {one[3:] for one in names if one.startswith("the") and len(one) > 8}


def _with_extras(wanted: Title, held: Title) -> str:
    if wanted.whole == held.whole or set(wanted.extras) == set(held.extras):
        return "exact"
    ours, theirs = set(wanted.extras), set(held.extras)
    if ours and theirs:
        return "differs" if fuzz.ratio("".join(sorted(ours)), "".join(sorted(theirs))) < 85 else "part"
    return "part"


def _unlike(wanted: Title, held: Title) -> tuple[str, float]:
    likeness = fuzz.ratio(wanted.base, held.base) / 100
    if wanted.is_work and held.is_work and _told_more_fully(wanted, held):
        return "near", likeness
    here, there = script(wanted.base), script(held.base)
    if here != there:
        ours, theirs = romanised(wanted.base), romanised(held.base)
        if len(ours) >= 4 and fuzz.ratio(ours, theirs) >= 85:
            return "romanised", 0.8
        return "differs", likeness
    if wanted.is_short or held.is_short:
        return "differs", likeness
    if has_cjk(wanted.base):
        slips = Levenshtein.distance(wanted.base, held.base, score_cutoff=1)
        return ("near", likeness) if slips <= 1 and len(wanted.base) >= 5 else ("differs", likeness)
    return ("near", likeness) if _same_words(wanted.words, held.words) else ("differs", likeness)


def _told_more_fully(wanted: Title, held: Title) -> bool:
    """Whether one has all words of the other and at most two more: (Cello) Suite No. 1 in G Major, BWV 1007."""
    fewer, more = sorted((wanted.everything, held.everything), key=len)
    return len(wanted.numbers) >= 2 and fewer <= more and len(more) - len(fewer) <= 2


def _same_words(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two titles differ by slips within words only: `colour`, `walkin`; `you` and `me` are no slip."""
    if len(ours) != len(theirs):
        return fuzz.ratio("".join(ours), "".join(theirs)) >= 95 and len("".join(ours)) >= 12
    slips = 0
    for one, other in zip(ours, theirs, strict=True):
        if one == other:
            continue
        longer = max(len(one), len(other))
        if min(len(one), len(other)) < 4 or Levenshtein.distance(one, other) > (1 if longer < 8 else 2):
            return False
        slips += 1
    return slips <= 2


# --- versions ----------------------------------------------------------------------------------------------------


def versions_agree(wanted: Read, held: Read, distance: float | None) -> tuple[str, str]:
    """`agrees`, `doubtful` or `differs`, with the kind of version that is not the same."""
    ours, theirs = _own_tags(wanted.title), _own_tags(held.title)
    live = ("live" in ours or "live" in wanted.implied) and ("live" in theirs or "live" in held.implied)
    for kind in sorted(ours.keys() ^ theirs.keys()):
        if kind in versions.LENGTHS:
            continue
        if kind == "cover" and _covers_itself(
            ours.get(kind) or theirs.get(kind) or "", wanted, held, distance
        ):
            continue
        # Of a concert without amplifiers, `unplugged` says as much as `acoustic, live`.
        if kind == "acoustic" and live and distance is not None and distance <= SAME_LENGTH:
            continue
        album = held.implied if kind in ours else wanted.implied
        if kind not in album:
            return "differs", kind
    lengths = (ours.keys() ^ theirs.keys()) & versions.LENGTHS
    if lengths and (distance is None or distance > 5):
        return ("doubtful" if distance is None else "differs"), sorted(lengths)[0]
    implied = _implied(wanted, held, ours, theirs)
    if implied:
        return "doubtful", implied
    return _names_agree(ours, theirs, distance)


def _covers_itself(original: str, wanted: Read, held: Read, distance: float | None) -> bool:
    """Whether `cover` tells whose song it was, and both are the same recording by somebody else."""
    performers = {one for member in (*wanted.artists.members, *held.artists.members) for one in member.ids}
    same = compare(wanted.artists, held.artists) in (Kinship.SAME, Kinship.ALIAS)
    return bool(original) and original not in performers and same and distance is not None and distance <= 1


def _own_tags(title: Title) -> dict[str, str]:
    """Karaoke of a piano is an instrumental; a concert without amplifiers is a concert."""
    tags = dict(title.tags)
    if "instrumental" in tags:
        tags.pop("cover", None)
        tags.pop("piano", None)
    return tags


def _implied(wanted: Read, held: Read, ours: dict[str, str], theirs: dict[str, str]) -> str:
    """A kind that one side's album tells, while nothing on the other side does."""
    for kind in sorted(wanted.implied ^ held.implied):
        album_of_other = held.album if kind in wanted.implied else wanted.album
        told_by_both = (kind in ours or kind in wanted.implied) and (kind in theirs or kind in held.implied)
        if not told_by_both and (album_of_other or kind in ours or kind in theirs or kind in held.implied):
            return kind
    return ""


def _names_agree(ours: dict[str, str], theirs: dict[str, str], distance: float | None) -> tuple[str, str]:
    for kind in sorted(ours.keys() & theirs.keys()):
        one, other = ours[kind], theirs[kind]
        if one == other or kind not in versions.NAMED | {"live"}:
            continue
        if one and other:
            # Nightcore is sped up; slow is something else.
            if kind == "speed" and "slow" not in (one, other) and distance is not None and distance <= 2:
                continue
            if kind in ("remix", "live", "version") and _alike(one, other):
                continue
            if kind == "live" and distance is not None and distance <= SAME_LENGTH:
                continue
            return "differs", kind
        if kind == "remix" and bool(one) != bool(other):
            return "doubtful", kind  # two remixes often last equally long
        limit = 5.0 if kind == "live" else 2.0
        if distance is None or distance > limit:
            return "doubtful", kind
    return "agrees", ""


def _alike(one: str, other: str) -> bool:
    """Names of one remixer or one concert, told more or less fully."""
    shorter, longer = sorted((one, other), key=len)
    return (len(shorter) >= 4 and shorter in longer) or fuzz.ratio(one, other) >= 90


# --- the decision ------------------------------------------------------------------------------------------------


def _decide(evidence: _Evidence, wanted: Read, held: Read) -> tuple[Level, list[str]]:
    """The level, and the doubts that hold it down."""
    if evidence.title in ("differs", "number"):
        return Level.NO, ["number_differs" if evidence.title == "number" else "title_differs"]
    if evidence.kinship is Kinship.DIFFERENT:
        return Level.NO, ["artist_differs"]
    if evidence.version == "differs":
        return _another_version(evidence)
    doubts = []
    if evidence.version == "doubtful":
        doubts.append(f"version_unclear: {evidence.version_reason}")
    doubts += _doubts_of_title(evidence, wanted.title, held.title)
    doubts += _doubts_of_artist(evidence, wanted, held)
    doubts += _doubts_of_length(evidence, wanted, held)
    if not doubts:
        return Level.YES, []
    if len(doubts) > 1 and evidence.beyond(FAR_LENGTH) and evidence.title != "exact":
        return Level.NO, doubts
    if evidence.kinship is Kinship.INCOMPARABLE and not evidence.within(LIKE_LENGTH):
        return Level.NO, doubts
    return Level.PERHAPS, doubts


def _another_version(evidence: _Evidence) -> tuple[Level, list[str]]:
    """Not what is wanted, unless only one of them tells its version and they last equally long."""
    reasons = [f"version_differs: {evidence.version_reason}"]
    trusted = evidence.kinship in (Kinship.SAME, Kinship.ALIAS) and evidence.title == "exact"
    return (Level.PERHAPS if trusted and evidence.within(1.0) else Level.NO), reasons


def _doubts_of_title(evidence: _Evidence, wanted: Title, held: Title) -> list[str]:
    if evidence.title == "romanised":
        return ["title_romanised"]
    if evidence.title == "near" and (not evidence.within(SAME_LENGTH) or has_cjk(wanted.base)):
        return ["title_near"]
    if evidence.title == "part" and not evidence.within(2.0):
        return ["subtitle_differs"]
    if wanted.is_generic and not evidence.same_album and not evidence.within(2.0):
        return ["title_general"]
    if wanted.is_short and wanted.accents and held.accents and wanted.accents != held.accents:
        return ["title_near"]  # má, mạ and mà are three words
    return []


def _doubts_of_artist(evidence: _Evidence, wanted: Read, held: Read) -> list[str]:
    kinship = evidence.kinship
    sure = evidence.title == "exact" and evidence.same_album and evidence.within(2.0)
    if kinship is Kinship.UNKNOWN:
        return [] if sure else ["artist_unknown"]
    if kinship is Kinship.ROMANISED and evidence.title == "exact" and evidence.within(SAME_LENGTH):
        # One title and one length, and the name as it sounds: but Chinese names sound alike too often.
        told = [one.name for one in (*wanted.artists.members, *held.artists.members)]
        if not wanted.title.is_short and not wanted.title.is_generic and "han" not in map(script, told):
            return []
    if kinship in (Kinship.ROMANISED, Kinship.INCOMPARABLE):
        return [] if sure and not wanted.title.is_generic else [f"artist_{kinship.value}"]
    if kinship is Kinship.NEAR:
        certain = evidence.title == "exact" and not wanted.title.is_short and evidence.within(SAME_LENGTH)
        return [] if certain else ["artist_near"]
    if kinship is Kinship.PARTLY:
        return [] if evidence.title == "exact" and evidence.within(SAME_LENGTH) else ["artists_partly"]
    if kinship is Kinship.MORE and not evidence.same_album:
        # A track under the guest's name alone may be the guest's own recording.
        unproved = evidence.distance is None and not main_is_shared(wanted.artists, held.artists)
        return ["artists_more"] if unproved or evidence.beyond(6.0) else []
    return []


def _doubts_of_length(evidence: _Evidence, wanted: Read, held: Read) -> list[str]:
    limit = FAR_ON_ALBUM if evidence.same_album else FAR_LENGTH
    if "live" in wanted.title.tags or "live" in held.title.tags:
        limit = LIVE_LENGTH
    elif wanted.title.tags or held.title.tags:
        limit = 15.0
    if evidence.distance is not None and evidence.distance > limit:
        return [f"duration_far: {evidence.distance:.0f} s"]
    return []


_KINSHIP_WORTH = {
    Kinship.SAME: 1.0, Kinship.ALIAS: 1.0, Kinship.MORE: 0.92, Kinship.PARTLY: 0.6, Kinship.NEAR: 0.75,
    Kinship.ROMANISED: 0.6, Kinship.UNKNOWN: 0.45, Kinship.INCOMPARABLE: 0.3, Kinship.DIFFERENT: 0.0,
}  # fmt: skip
_TITLE_WORTH = {"exact": 1.0, "part": 0.8, "near": 0.85, "romanised": 0.6, "number": 0.4, "differs": 0.0}
_VERSION_WORTH = {"agrees": 1.0, "doubtful": 0.5, "differs": 0.0}


def _score(evidence: _Evidence, wanted: Read, held: Read) -> float:
    """0..1; for ordering candidates and for people, not for deciding."""
    title = max(_TITLE_WORTH[evidence.title], 0.5 * evidence.likeness) if evidence.title != "exact" else 1.0
    length = 0.6 if evidence.distance is None else max(0.0, 1 - evidence.distance / 30)
    score = 0.45 * title + 0.3 * _KINSHIP_WORTH[evidence.kinship] + 0.13 * _VERSION_WORTH[evidence.version]
    score += 0.08 * length + 0.03 * evidence.same_album
    score -= 0.02 * (wanted.title.tags.keys() != held.title.tags.keys())  # one is told to be an edit
    # Equal to the letter, as far as that tells: one of two spellings that fold to one.
    score += 0.01 * (wanted.whole == held.whole)
    return round(min(1.0, score), 4)


def _told(evidence: _Evidence) -> list[str]:
    """What agrees, for people."""
    reasons = []
    if evidence.title == "exact":
        reasons.append("same_title")
    kinds = {Kinship.SAME: "same_artist", Kinship.ALIAS: "artist_alias", Kinship.MORE: "same_artist"}
    if evidence.kinship in kinds:
        reasons.append(kinds[evidence.kinship])
    if evidence.version == "agrees" and evidence.title != "differs":
        reasons.append("same_version")
    if evidence.within(SAME_LENGTH):
        reasons.append("same_duration")
    elif evidence.within(LIKE_LENGTH):
        reasons.append("like_duration")
    if evidence.same_album:
        reasons.append("same_album")
    return reasons


def album_key(album: str | None) -> tuple[str, frozenset[str]]:
    """An album's name to compare, without its edition, and what it tells about its tracks' versions."""
    if not album:
        return "", frozenset()
    folded = fold(album)
    plain = folded
    while plain.endswith(")") and "(" in plain:
        start = plain.rindex("(")
        if versions.read(plain[start + 1 : -1]).rest or not plain[:start].strip():
            break
        plain = plain[:start].strip()
    return key(plain), versions.of_album(folded)
