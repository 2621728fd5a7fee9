"""The plug-in API. What ships with Magpie is registered through the same hooks as somebody's own package.

A package adds to Magpie by an entry point in the group `magpie` that names a module with functions marked
`@magpie.plugins.hookimpl`. A plug-in that cannot be loaded, or whose hook fails, is reported on the health
page and by `magpie doctor`, and does not stop the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from magpie.downloads.extractors.port import Extractor
    from magpie.downloads.sites import Site
    from magpie.playlists.servers.port import ServerKind
    from magpie.playlists.sources.port import Source
    from magpie.podcasts.llms.port import ChatKind
    from magpie.podcasts.transcribers.port import TranscriberKind
    from magpie.podcasts.voices.port import VoiceKind

GROUP = "magpie"
MAX_NAME = 64  # characters; the name of an extractor is a column of the library
MAX_SERVER_KIND = 32  # characters; a column as well
_PROVIDER = re.compile(r"[a-z][a-z0-9_-]{0,31}")  # as the settings of podcasts take them
_PROVIDERS = ("ChatKind", "VoiceKind", "TranscriberKind")

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


class Hooks:
    """The hooks. Each returns a list; the lists of all plug-ins are joined."""

    @hookspec
    def magpie_extractors(self) -> list[Extractor]:
        """Tools that fetch media. Those of plug-ins are asked before the ones that ship with Magpie."""
        return []

    @hookspec
    def magpie_playlist_sources(self) -> list[Source]:
        """Platforms that playlists are read from. Those of plug-ins are asked before the ones that ship."""
        return []

    @hookspec
    def magpie_sites(self) -> list[Site]:
        """Sites by name: which hosts they are, and how politely they are to be treated."""
        return []

    @hookspec
    def magpie_media_servers(self) -> list[ServerKind]:
        """Kinds of media servers, on which playlists are kept in step."""
        return []

    @hookspec
    def magpie_chat_models(self) -> list[ChatKind]:
        """Kinds of servers of language models, which write podcasts."""
        return []

    @hookspec
    def magpie_voices(self) -> list[VoiceKind]:
        """Kinds of providers of voices, which speak podcasts."""
        return []

    @hookspec
    def magpie_transcribers(self) -> list[TranscriberKind]:
        """Kinds of recognisers, which make text of recordings."""
        return []


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """A plug-in that could not be used. `error` is for people."""

    plugin: str
    error: str


class Plugins:
    """All that is registered, own things last so that plug-ins are asked first.

    Each kind is asked for when it is first wanted: the fork server, which wants the extractors, loads nothing else.
    """

    def __init__(self, manager: pluggy.PluginManager, not_loaded: list[PluginProblem]) -> None:
        self._hooks = manager.hook
        self._problems = {"": not_loaded}  # by hook
        self.names = sorted(name for name, _ in manager.list_name_plugin())

    @cached_property
    def extractors(self) -> list[Extractor]:
        from magpie.downloads.extractors.port import Extractor

        return self._collected("magpie_extractors", Extractor)

    @cached_property
    def sites(self) -> list[Site]:
        from magpie.downloads.sites import Site

        return self._collected("magpie_sites", Site)

    @cached_property
    def playlist_sources(self) -> list[Source]:
        from magpie.playlists.sources.port import Source

        return self._collected("magpie_playlist_sources", Source)

    @cached_property
    def media_servers(self) -> list[ServerKind]:
        from magpie.playlists.servers.port import ServerKind

        return self._collected("magpie_media_servers", ServerKind)

    @cached_property
    def chat_models(self) -> list[ChatKind]:
        from magpie.podcasts.llms.port import ChatKind

        return self._collected("magpie_chat_models", ChatKind)

    @cached_property
    def voices(self) -> list[VoiceKind]:
        from magpie.podcasts.voices.port import VoiceKind

        return self._collected("magpie_voices", VoiceKind)

    @cached_property
    def transcribers(self) -> list[TranscriberKind]:
        from magpie.podcasts.transcribers.port import TranscriberKind

        return self._collected("magpie_transcribers", TranscriberKind)

    @property
    def problems(self) -> list[PluginProblem]:
        """Of plug-ins that could not be loaded, and of hooks that gave nothing usable."""
        for kind in KINDS:
            getattr(self, kind)
        return [problem for problems in self._problems.values() for problem in problems]

    def _collected(self, hook: str, kind: type[Any]) -> list[Any]:
        """Call one hook plug-in by plug-in, so that a failing one does not take the others with it."""
        values: list[Any] = []
        problems: list[PluginProblem] = []
        calls = getattr(self._hooks, hook).get_hookimpls()
        for call in sorted(calls, key=lambda call: (call.plugin_name == GROUP, call.plugin_name)):
            try:
                entries = list(call.function())
                faults = [fault for entry in entries if (fault := _fault_of(entry, kind))]
            except (Exception, SystemExit) as error:  # noqa: BLE001  somebody else's code: whatever it raises is told
                entries, faults = [], [f"{type(error).__name__}: {error}"]
            if faults:
                problems.append(PluginProblem(call.plugin_name, f"{hook}: {faults[0]}"))
            else:
                values.extend(entries)
        self._problems[hook] = problems
        return values


KINDS = (
    "extractors",
    "sites",
    "playlist_sources",
    "media_servers",
    "chat_models",
    "voices",
    "transcribers",
)


class _Builtin:
    """What ships with Magpie, as a plug-in of its own."""

    @hookimpl
    def magpie_extractors(self) -> list[Extractor]:
        from magpie.downloads.extractors.builtin import builtin_extractors

        return builtin_extractors()

    @hookimpl
    def magpie_sites(self) -> list[Site]:
        from magpie.downloads.sites import KNOWN_SITES

        return list(KNOWN_SITES)

    @hookimpl
    def magpie_playlist_sources(self) -> list[Source]:
        from magpie.playlists.sources.builtin import builtin_sources

        return builtin_sources()

    @hookimpl
    def magpie_media_servers(self) -> list[ServerKind]:
        from magpie.playlists.servers.builtin import builtin_servers

        return builtin_servers()

    @hookimpl
    def magpie_chat_models(self) -> list[ChatKind]:
        from magpie.podcasts.llms.builtin import builtin_chat_models

        return builtin_chat_models()

    @hookimpl
    def magpie_voices(self) -> list[VoiceKind]:
        from magpie.podcasts.voices.builtin import builtin_voices

        return builtin_voices()

    @hookimpl
    def magpie_transcribers(self) -> list[TranscriberKind]:
        from magpie.podcasts.transcribers.builtin import builtin_transcribers

        return builtin_transcribers()


def _load(manager: pluggy.PluginManager, points: Iterable[EntryPoint]) -> list[PluginProblem]:
    problems = []
    for point in points:
        try:
            manager.register(point.load(), name=point.name)
        except (Exception, SystemExit) as error:  # noqa: BLE001  somebody else's code: whatever it raises is reported
            problems.append(PluginProblem(point.name, f"{type(error).__name__}: {error}"))
    return problems


def _fault_of(entry: object, kind: type[Any]) -> str | None:
    """Why an entry of a hook's list cannot be used. What is let in here is trusted from then on."""
    if isinstance(entry, type) or not isinstance(entry, kind):
        found = f"the class {entry.__name__}" if isinstance(entry, type) else type(entry).__name__
        return f"returned {found}, expected objects of {kind.__name__}"
    name = getattr(entry, "name", None)
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        return f"returned a {kind.__name__} without a usable name"
    if kind.__name__ == "ServerKind" and len(name) > MAX_SERVER_KIND:
        return f"returned the media server {name}, whose name is longer than {MAX_SERVER_KIND} characters"
    if kind.__name__ in _PROVIDERS and not _PROVIDER.fullmatch(name):
        return f"returned the provider {name}, whose name cannot be written into a setting"
    if kind.__name__ == "Site":
        hosts: object = getattr(entry, "hosts", None)
        if not isinstance(hosts, tuple) or not all(isinstance(host, str) and host for host in hosts):
            return f"returned the site {name} whose hosts are not a tuple of names"
    return None


@cache
def plugins() -> Plugins:
    """Everything registered in this process; loaded once."""
    return load_plugins(entry_points(group=GROUP))


def load_plugins(points: Iterable[EntryPoint]) -> Plugins:
    """Register the built-in plug-in and those of the given entry points."""
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(Hooks)
    manager.register(_Builtin(), name=GROUP)
    not_loaded = _load(manager, points)
    return Plugins(manager, not_loaded)
