"""What must hold for data that is to be worked with, beyond types and references: queries that find what breaks it."""

from __future__ import annotations

from magpie.downloads.models import Status

_STATES = ", ".join(f"'{status}'" for status in Status)
_SUPERUSER = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM users WHERE is_active AND is_superuser)"
_INSTALLATION = """
SELECT 1 WHERE (SELECT count(*) FROM installation) <> 1
    OR (SELECT count(*) FROM installation WHERE id = 1 AND job_epoch BETWEEN 0 AND 1000000000) <> 1
"""
_DOWNLOADS = f"""
SELECT 1 FROM downloads WHERE status NOT IN ({_STATES})
    OR length(key) <> 32 OR key GLOB '*[^0-9a-f]*'
    OR attempt NOT BETWEEN 0 AND 1000000000 OR claim NOT BETWEEN 0 AND 1000000000
"""  # noqa: S608 - our own words
_PARENTS = "SELECT 1 FROM downloads WHERE parent_id >= id"

# Run against the scratch database (SQLite) only.
RULES: tuple[tuple[str, str], ...] = (
    (_SUPERUSER, "No active superuser is in the file: nobody could administer Magpie afterwards."),
    (_INSTALLATION, "The row of the installation is missing or damaged."),
    (_DOWNLOADS, "A download in the file has a state, key or number that no download has."),
    (_PARENTS, "A download in the file comes before the list that it belongs to."),
)
