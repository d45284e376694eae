"""Where a library is, when it is open and how it is reached; what it got last."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXTS = ("address", "phone", "email", "website", "hours")
_PLACES = ("latitude", "longitude")


def upgrade() -> None:
    for name in _TEXTS:
        op.add_column("member", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in _PLACES:
        op.add_column("member", sa.Column(name, sa.Float(), nullable=True))
    op.create_index("ix_holding_member_id_bib_id", "holding", ["member_id", "bib_id"])


def downgrade() -> None:
    op.drop_index("ix_holding_member_id_bib_id", "holding")
    for name in (*_PLACES, *_TEXTS):
        op.drop_column("member", name)
