"""columns of looks that some logs lack"""

from alembic import op

from understudy.log.migrations.patience import lock_patiently

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# 0003 was changed while 0003 and 0004 were new: what was migrated in those hours has neither.
_LOOK = """
ALTER TABLE look
    ADD COLUMN IF NOT EXISTS last_outcome bigint,
    ADD COLUMN IF NOT EXISTS folds bigint;
"""


def upgrade() -> None:
    """Add what is missing."""
    lock_patiently("look")
    op.execute(_LOOK)
