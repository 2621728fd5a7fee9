"""Magpie keeps your media."""

__version__ = "0.1.0"
