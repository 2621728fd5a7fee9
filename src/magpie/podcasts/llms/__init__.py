"""Language models: one folder for each kind of server."""
