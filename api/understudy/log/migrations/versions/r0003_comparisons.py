"""comparisons, their looks, and what was folded into them"""

from alembic import op

from understudy.log.migrations.patience import lock_patiently

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE comparison (
    id bigserial PRIMARY KEY,
    endpoint text NOT NULL,
    deployment_id bigint NOT NULL,
    live_name text NOT NULL,
    live_version text NOT NULL,
    live_digest text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    policy jsonb NOT NULL,
    policy_digest text NOT NULL,
    shadows integer NOT NULL DEFAULT 1 CHECK (shadows > 0),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    folds bigint NOT NULL DEFAULT 0,
    state bytea,
    verdict jsonb,
    judged_at timestamptz,
    UNIQUE (endpoint, deployment_id, name, version)
);

CREATE TABLE look (
    comparison_id bigint NOT NULL REFERENCES comparison (id),
    family text NOT NULL,
    finding text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    units bigint NOT NULL,
    content jsonb NOT NULL,
    last_outcome bigint,
    folds bigint,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (comparison_id, family, number, finding)
);

CREATE TABLE excluded_pair (
    comparison_id bigint NOT NULL REFERENCES comparison (id),
    request_id uuid NOT NULL,
    instance_no integer NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (comparison_id, request_id, instance_no)
);
"""

# A row per shipment and shadow: a year of it is indexed in a moment.
_WORK = """
ALTER TABLE work ADD COLUMN comparison_id bigint, ADD COLUMN fold bigint;
CREATE INDEX work_unfolded ON work (endpoint, name, version, recorded_at)
    WHERE state = 'done' AND comparison_id IS NULL;
CREATE INDEX work_of_comparison ON work (comparison_id, fold, id) WHERE comparison_id IS NOT NULL;
"""


def upgrade() -> None:
    """Make the tables, and let a work item say what it was folded into."""
    op.execute(_TABLES)
    lock_patiently("work")
    op.execute(_WORK)
