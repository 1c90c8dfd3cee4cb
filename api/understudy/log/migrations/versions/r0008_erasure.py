"""erasure"""

from alembic import op

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

# A column that may be null needs no rewrite; the lock is given up after a moment, as in 0002.
_COLUMN = """
DO $$
BEGIN
    SET LOCAL lock_timeout = '300ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            ALTER TABLE prediction ADD COLUMN erased_at timestamptz;
            SET LOCAL lock_timeout = DEFAULT;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE =
        'readers keep the table prediction busy; migrate again when they are done';
END $$;
"""


def upgrade() -> None:
    """Make the table; what is recorded keeps null in the new column."""
    op.execute(_ERASURE)
    op.execute(_COLUMN)
