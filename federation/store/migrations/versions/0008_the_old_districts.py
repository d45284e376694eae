"""Which districts of old the units of today were made of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_origin",
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("origin_code", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_code"], ["admin_unit.code"], name=op.f("fk_unit_origin_unit_code_admin_unit")),
        sa.ForeignKeyConstraint(
            ["origin_code"], ["admin_unit.code"], name=op.f("fk_unit_origin_origin_code_admin_unit")
        ),
        sa.PrimaryKeyConstraint("unit_code", "origin_code", name=op.f("pk_unit_origin")),
    )


def downgrade() -> None:
    op.drop_table("unit_origin")
