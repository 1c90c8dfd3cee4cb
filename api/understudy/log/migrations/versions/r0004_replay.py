"""replays, and what was scored again"""

from alembic import op

from understudy.log.migrations.patience import lock_patiently

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A constant default needs no rewrite. Claims go along these two indexes, so that a replay of a
# year, which waits in one of them, does not slow down a claim of live work. By time, not by id:
# of the primary key, which has that order, the planner believes that it is as good. Making them
# reads the table once: two seconds for each million items, during which shipping waits.
_WORK = """
ALTER TABLE work ADD COLUMN replayed boolean NOT NULL DEFAULT false;
CREATE INDEX work_open_live ON work (endpoint, name, version, recorded_at, id)
    WHERE state <> 'done' AND NOT replayed;
CREATE INDEX work_open_replayed ON work (endpoint, name, version, recorded_at, id)
    WHERE state <> 'done' AND replayed;
"""

_TABLES = """
CREATE TABLE replay (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    share double precision NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    CHECK (since < until)
);
CREATE INDEX replay_of_endpoint ON replay (endpoint, name, version, id);

CREATE TABLE reproduction (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    report jsonb,
    CHECK (finished_at IS NULL OR report IS NOT NULL)
);
CREATE INDEX reproduction_of_endpoint ON reproduction (endpoint, id);
"""


def upgrade() -> None:
    """Mark what is replayed, and keep who replayed and what was scored again."""
    op.execute(_TABLES)
    lock_patiently("work")
    op.execute(_WORK)
