"""erasure"""

from alembic import op

from understudy.log.migrations.patience import lock_patiently

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ERASURE = """
CREATE TABLE erasure (
    endpoint text NOT NULL,
    request_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    why text NOT NULL DEFAULT '',
    shipment_id bigint,
    is_found boolean NOT NULL,
    PRIMARY KEY (endpoint, request_id)
);
CREATE INDEX erasure_awaited ON erasure (endpoint) WHERE NOT is_found;
CREATE INDEX erasure_of_shipment ON erasure (shipment_id);
"""

# A column that may be null needs no rewrite.
_COLUMN = "ALTER TABLE prediction ADD COLUMN erased_at timestamptz"


def upgrade() -> None:
    """Make the table; what is recorded keeps null in the new column."""
    op.execute(_ERASURE)
    lock_patiently("prediction")
    op.execute(_COLUMN)
