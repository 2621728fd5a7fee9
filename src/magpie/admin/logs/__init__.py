"""The log, from every worker host, for superusers."""
