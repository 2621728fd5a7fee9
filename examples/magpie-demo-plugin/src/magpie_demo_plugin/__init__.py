"""A site, a downloader, playlists, voices, a language model and a recogniser for Magpie, registered from outside.

Magpie calls the functions marked with `hookimpl` once in every process that needs them. They return lists;
the lists of all plug-ins are joined with what ships with Magpie, which is registered in just the same way.
"""

from __future__ import annotations

from magpie.downloads.extractors.port import Extractor
from magpie.downloads.sites import Site
from magpie.playlists.sources.port import Source
from magpie.plugins import hookimpl
from magpie.podcasts.llms.port import ChatKind
from magpie.podcasts.transcribers.port import TranscriberKind
from magpie.podcasts.voices.port import VoiceKind
from magpie_demo_plugin.extractor import HOSTS, SITE, DemoExtractor
from magpie_demo_plugin.models import DemoChatKind
from magpie_demo_plugin.playlists import DemoPlaylists
from magpie_demo_plugin.recogniser import DemoTranscriberKind
from magpie_demo_plugin.voices import DemoVoiceKind


@hookimpl
def magpie_sites() -> list[Site]:
    """Which hosts are one site: what is fetched from them is counted and paced together."""
    return [Site(SITE, HOSTS)]


@hookimpl
def magpie_extractors() -> list[Extractor]:
    """The downloaders. One instance serves all jobs, so it holds no state of any of them."""
    return [DemoExtractor()]


@hookimpl
def magpie_playlist_sources() -> list[Source]:
    """Platforms that playlists are read from."""
    return [DemoPlaylists()]


@hookimpl
def magpie_voices() -> list[VoiceKind]:
    """Providers of voices for podcasts."""
    return [DemoVoiceKind()]


@hookimpl
def magpie_chat_models() -> list[ChatKind]:
    """Kinds of servers of language models, which write podcasts."""
    return [DemoChatKind()]


@hookimpl
def magpie_transcribers() -> list[TranscriberKind]:
    """Recognisers, which make text of recordings."""
    return [DemoTranscriberKind()]
