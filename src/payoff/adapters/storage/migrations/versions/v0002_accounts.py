"""Secrets, accounts, sessions, keys, and tries to sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _product() -> sa.Column:
    return sa.Column("product", sa.Integer, sa.ForeignKey("products.id"), primary_key=True)


def upgrade() -> None:
    """To this step."""
    op.create_table(
        "secrets",
        _product(),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "accounts",
        _product(),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("had_password", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger),
    )
    op.create_table(
        "sessions",
        _product(),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
    )
    op.create_index("sessions_of_person", "sessions", ["product", "person"])
    op.create_table(
        "keys",
        _product(),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("permissions", sa.Text, nullable=False),
        sa.Column("origins", sa.Text, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("last_used", sa.BigInteger),
        sa.UniqueConstraint("product", "digest", name="keys_once"),
    )
    op.create_table(
        "tries",
        _product(),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("tried", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
