"""Media servers behind one interface: one folder per kind."""
