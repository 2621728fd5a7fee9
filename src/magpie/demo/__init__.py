"""A small made-up media site on loopback, with real media, for `magpie demo` and as the base of the tests' web."""

from magpie.demo.site import DemoSite

__all__ = ["DemoSite"]
