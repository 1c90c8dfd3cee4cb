"""Tells Postgres' planner how the tables have grown, before it has to guess."""

from psycopg2 import sql
from sqlalchemy import text

from understudy.log.database import Engine, driver, log_errors

# Autovacuum comes by once a minute, and a first minute of traffic is enough to make a plan that
# multiplies thousands of rows by thousands. So whoever has folded looks whether a table has grown
# by half since it was last looked at.
_GROWN = text("""
    SELECT s.relname FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
    WHERE (s.relname IN ('work', 'outcome', 'excluded_pair')
            OR s.relname ~ '^(shadow_)?prediction_[0-9]{8}$')
        AND s.schemaname = current_schema()
        AND s.n_mod_since_analyze > 200 + greatest(c.reltuples, 0) / 2
    ORDER BY s.relname
""")


def refresh_statistics(engine: Engine) -> list[str]:
    """Analyse the tables that have grown by half since they were analysed; returns their names."""
    with log_errors(), engine.begin() as connection:
        names: list[str] = list(connection.execute(_GROWN).scalars())
        with driver(connection).cursor() as cursor:
            for name in names:
                cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))
    return names
