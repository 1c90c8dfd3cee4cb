"""capture policies"""

from alembic import op

from understudy.log.migrations.patience import lock_patiently

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Numbered with the deployments, so that the number that comes with a prediction tells both.
_CAPTURE = """
CREATE TABLE capture_policy (
    id bigint PRIMARY KEY,
    endpoint text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    why text NOT NULL DEFAULT '',
    policy jsonb NOT NULL
);
CREATE INDEX capture_policy_of_endpoint ON capture_policy (endpoint, id);
"""

# A column that may be null needs no rewrite.
_SHIPMENT = "ALTER TABLE shipment ADD COLUMN deployments bigint[]"


def upgrade() -> None:
    """Make the table; what was shipped before keeps null in the new column."""
    op.execute(_CAPTURE)
    lock_patiently("shipment")
    op.execute(_SHIPMENT)
