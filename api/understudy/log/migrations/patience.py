"""Locks tables that are busy all the time, without making everybody wait."""

from alembic import op

# Whoever waits for a table makes the next ones wait behind him. So this gives up after a moment,
# before Postgres looks for a deadlock, lets the others pass, and tries again.
_LOCK = """
DO $$
BEGIN
    SET LOCAL lock_timeout = '300ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
            SET LOCAL lock_timeout = DEFAULT;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE =
        'the tables {tables} are kept busy; migrate again when their readers are done';
END $$;
"""


def lock_patiently(*tables: str) -> None:
    """Lock tables for the rest of the migration, all at once; raises after two minutes."""
    op.execute(_LOCK.format(tables=", ".join(tables)))
