"""Downloads: one job that brings one medium in."""
