"""The questions to DBOS's tables for which DBOS has no function, or only a slow one.

They run on SQLite and PostgreSQL alike. The doubled conditions on `status` repeat those of partial indexes:
SQLite uses such an index only for a query that says the same.
"""

from __future__ import annotations

from sqlalchemy import TextClause, bindparam, text


def _many(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("ids", expanding=True))


STATES = _many("SELECT workflow_uuid, status FROM workflow_status WHERE workflow_uuid IN :ids")

STARTS = _many("SELECT workflow_uuid, recovery_attempts FROM workflow_status WHERE workflow_uuid IN :ids")

# One flag for each lane, in the order of `Lane`.
WAITING = text(
    """
    SELECT
      EXISTS (SELECT 1 FROM workflow_status WHERE queue_name = 'interactive'
              AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')),
      EXISTS (SELECT 1 FROM workflow_status WHERE queue_name = 'check'
              AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')),
      EXISTS (SELECT 1 FROM workflow_status WHERE queue_name = 'site'
              AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')),
      EXISTS (SELECT 1 FROM workflow_status WHERE queue_name = 'background'
              AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')),
      EXISTS (SELECT 1 FROM workflow_status WHERE queue_name = 'making'
              AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')),
      (SELECT min(delay_until_epoch_ms) FROM workflow_status WHERE status = 'DELAYED')
    """
)

# Walks the index from site to site, so that the cost follows the number of sites, not of jobs.
WAITING_SITES = text(
    """
    WITH RECURSIVE sites(site) AS (
      SELECT min(queue_partition_key) FROM workflow_status
      WHERE queue_name = :lane AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')
        AND queue_partition_key IS NOT NULL
      UNION ALL
      SELECT (SELECT min(queue_partition_key) FROM workflow_status
              WHERE queue_name = :lane AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')
                AND queue_partition_key > sites.site)
      FROM sites WHERE sites.site IS NOT NULL
    )
    SELECT site,
      (SELECT priority FROM workflow_status
       WHERE queue_name = :lane AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')
         AND queue_partition_key = sites.site ORDER BY priority, created_at LIMIT 1) AS head,
      (SELECT created_at FROM workflow_status
       WHERE queue_name = :lane AND status = 'ENQUEUED' AND status IN ('ENQUEUED', 'PENDING')
         AND queue_partition_key = sites.site ORDER BY priority, created_at LIMIT 1) AS since
    FROM sites WHERE site IS NOT NULL ORDER BY head, since
    """
)

# One statement, so that a start cannot slip in between.
CANCEL = text(
    """
    UPDATE workflow_status
    SET status = 'CANCELLED', queue_name = NULL, owner_xid = NULL, completed_at = :now, updated_at = :now
    WHERE workflow_uuid = :id AND status IN ('ENQUEUED', 'DELAYED')
    """
)

PARK = text(
    """
    UPDATE workflow_status
    SET status = 'ENQUEUED', owner_xid = NULL, started_at_epoch_ms = NULL,
        recovery_attempts = recovery_attempts - 1, updated_at = :now
    WHERE workflow_uuid = :id AND status = 'PENDING' AND owner_xid = :owner
    """
)

# A claim that was never heard of again, put back.
UNCLAIM = text(
    """
    UPDATE workflow_status
    SET status = 'ENQUEUED', owner_xid = NULL, started_at_epoch_ms = NULL,
        recovery_attempts = recovery_attempts - 1, updated_at = :now
    WHERE status = 'PENDING' AND owner_xid = :owner
    """
)

RUNNING_EXECUTORS = text("SELECT DISTINCT executor_id FROM workflow_status WHERE status = 'PENDING'")

RUNNING_ON = text("SELECT workflow_uuid FROM workflow_status WHERE status = 'PENDING' AND executor_id = :id")

ENDED_BEFORE = text(
    """
    SELECT workflow_uuid FROM workflow_status
    WHERE completed_at IS NOT NULL AND completed_at < :before
      AND status NOT IN ('ENQUEUED', 'DELAYED', 'PENDING')
    LIMIT :batch
    """
)

# All hosts' jobs at a site, of all lanes: asked while nobody else may claim there.
RUNNING_AT = text(
    """
    SELECT count(*) FROM workflow_status
    WHERE status = 'PENDING' AND status IN ('ENQUEUED', 'PENDING') AND queue_name IN ('site', 'check')
      AND queue_partition_key = :site
    """
)

# Released by the end of the transaction.
CLAIM_AT_SITE = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:site))")

NOTIFY = text("SELECT pg_notify(:channel, :sender)")
