"""The nest: a fork server that starts a killable, memory-limited process per download in milliseconds."""
