"""windows of drift"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE drift_window (
    endpoint text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    digest text NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    units bigint NOT NULL CHECK (units > 0),
    content jsonb NOT NULL,
    tallies bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (endpoint, name, version, digest, number),
    UNIQUE (endpoint, name, version, digest, since),
    CHECK (since < until)
);
"""


def upgrade() -> None:
    """Make a table; nothing that is there is touched."""
    op.execute(_TABLE)
