"""Tools without domain knowledge: database sessions, errors, crypto, paths, the egress guard."""
