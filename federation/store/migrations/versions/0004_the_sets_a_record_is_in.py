"""The sets a record is in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A column with a constant default is added without touching the rows, on SQLite and PostgreSQL alike.
    op.add_column("raw", sa.Column("sets", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("raw", "sets")
