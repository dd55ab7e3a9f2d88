"""Products, events, erased ids, artefacts and documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "products",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("product", sa.Integer, sa.ForeignKey("products.id"), nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("unit", sa.String),
        sa.Column("suggestion", sa.String),
        sa.Column("actor", sa.String),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("product", "id", name="events_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("events_of_kind", "events", ["product", "kind", "seq"])
    op.create_index("events_of_unit", "events", ["product", "kind", "unit", "at"])
    told = sa.text("suggestion IS NOT NULL")
    op.create_index(
        "events_of_suggestion", "events", ["product", "suggestion"], sqlite_where=told, postgresql_where=told
    )
    op.create_table(
        "erased",
        sa.Column("product", sa.Integer, sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
    )
    op.create_table(
        "artefacts",
        sa.Column("product", sa.Integer, sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("product", sa.Integer, sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
