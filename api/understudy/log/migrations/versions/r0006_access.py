"""keys and the audit"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEYS = """
CREATE TABLE api_key (
    id text PRIMARY KEY,
    endpoint text NOT NULL,
    name text NOT NULL,
    digest text NOT NULL,
    scopes text[] NOT NULL,
    per_second double precision CHECK (per_second > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
"""

_AUDIT = """
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    who text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    why text NOT NULL DEFAULT '',
    details jsonb NOT NULL DEFAULT '{}'
);
"""


def upgrade() -> None:
    """Make two tables; nothing that is there is touched."""
    op.execute(_KEYS)
    op.execute(_AUDIT)
