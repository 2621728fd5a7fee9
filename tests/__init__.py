"""Tests mirror src/; tests/site is the made-up media web that they run against."""
