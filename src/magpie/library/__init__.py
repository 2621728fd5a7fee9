"""The library: everything that has been saved, with its files and where it came from."""
