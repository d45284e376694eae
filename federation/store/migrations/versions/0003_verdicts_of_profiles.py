"""Keys and verdicts belong to profiles, not to bibs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _drop()
    op.create_table(
        "profile",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("stale", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile")),
    )
    op.create_table(
        "match_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("profile", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "profile", name=op.f("pk_match_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verdict",
        sa.Column("profile_a", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("profile_b", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("related", sa.Boolean(), nullable=False),
        sa.Column("vetoed", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("profile_a", "profile_b", name=op.f("pk_verdict")),
        sqlite_with_rowid=False,
    )
    unsure = sa.text("decision = 'unsure'")
    op.create_index("ix_verdict_unsure", "verdict", ["score"], sqlite_where=unsure, postgresql_where=unsure)
    op.create_index(op.f("ix_verdict_profile_b"), "verdict", ["profile_b"])
    op.add_column("bib", sa.Column("profile", sa.BigInteger(), nullable=True))
    op.add_column("bib", sa.Column("judged", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(op.f("ix_bib_profile"), "bib", ["profile"])
    op.add_column("pin", sa.Column("occasion", sa.Text(), server_default="", nullable=False))
    _cluster_all_anew()


def downgrade() -> None:
    _drop()
    op.drop_table("profile")
    op.drop_index(op.f("ix_bib_profile"), "bib")
    with op.batch_alter_table("bib") as batch_op:
        batch_op.drop_column("judged")
        batch_op.drop_column("profile")
    op.drop_column("pin", "occasion")
    op.create_table(
        "match_key",
        sa.Column("bib_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bib_id"], ["bib.id"], name=op.f("fk_match_key_bib_id_bib"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bib_id", "key", name=op.f("pk_match_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_match_key_key"), "match_key", ["key"])
    op.create_table(
        "verdict",
        sa.Column("bib_a", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bib_b", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bib_a"], ["bib.id"], name=op.f("fk_verdict_bib_a_bib"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["bib_b"], ["bib.id"], name=op.f("fk_verdict_bib_b_bib"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bib_a", "bib_b", name=op.f("pk_verdict")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_verdict_bib_b"), "verdict", ["bib_b"])
    _cluster_all_anew()


def _drop() -> None:
    op.drop_table("verdict")
    op.drop_table("match_key")


def _cluster_all_anew() -> None:
    # Keys and verdicts are derived: the stage makes them again when it finds that it has not been through.
    op.execute("DELETE FROM stage_rules WHERE stage = 'cluster'")
