"""The tools that fetch media, one folder each, behind one port."""
