"""The made-up media web: real media, real protocols and every misbehaviour that Magpie promises to
survive."""

from tests.site.behaviour import Behaviour
from tests.site.recorder import Seen
from tests.site.web import MediaWeb

__all__ = ["Behaviour", "MediaWeb", "Seen"]
