"""which deployment answered, and what it had waived"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Agents, readers and the watcher take these two tables in either order, and whoever waits for a
# table makes the next ones wait behind him. So this gives up after a moment, before Postgres looks
# for a deadlock, lets the others pass, and tries again.
_LOCK = """
DO $$
BEGIN
    SET LOCAL lock_timeout = '300ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE prediction, deployment IN ACCESS EXCLUSIVE MODE;
            SET LOCAL lock_timeout = DEFAULT;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE =
        'readers keep the tables prediction and deployment busy; migrate again when they are done';
END $$;
"""

# Columns that may be null need no rewrite: it is as quick for a year of days as for one.
_COLUMNS = """
ALTER TABLE prediction ADD COLUMN deployment_id bigint;
ALTER TABLE deployment ADD COLUMN waivers jsonb;
"""


def upgrade() -> None:
    """Add the columns; what was recorded before keeps null in them."""
    op.execute(_LOCK)
    op.execute(_COLUMNS)
