"""Export, import, backup and restore of the whole database."""
