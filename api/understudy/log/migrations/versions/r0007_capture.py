"""capture policies"""

from alembic import op

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

# A column that may be null needs no rewrite, and the lock for it is given up after a moment: agents
# write shipments all the time, and would wait behind whoever waits for the table.
_SHIPMENT = """
DO $$
BEGIN
    SET LOCAL lock_timeout = '300ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            ALTER TABLE shipment ADD COLUMN deployments bigint[];
            SET LOCAL lock_timeout = DEFAULT;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE =
        'readers keep the table shipment busy; migrate again when they are done';
END $$;
"""


def upgrade() -> None:
    """Make the table; what was shipped before keeps null in the new column."""
    op.execute(_CAPTURE)
    op.execute(_SHIPMENT)
