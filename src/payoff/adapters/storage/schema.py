"""The tables, as the newest migration leaves them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

REVISION = "0003"
"""The migration this code needs. Comparing it is much cheaper than asking Alembic at every start."""

VERSION_TABLE = "payoff_schema"

METADATA = MetaData()
_BIG = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in a plain INTEGER key

PRODUCTS = Table(
    "products",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    # Kept here, in the same transaction as the events, so that asking for it costs one row.
    Column("head", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

EVENTS = Table(
    "events",
    METADATA,
    Column("seq", _BIG, primary_key=True, autoincrement=True),
    Column("product", Integer, ForeignKey("products.id"), nullable=False),
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("unit", String),
    Column("suggestion", String),
    Column("actor", String),
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    UniqueConstraint("product", "id", name="events_once"),
    Index("events_of_kind", "product", "kind", "seq"),
    Index("events_of_unit", "product", "kind", "unit", "at"),
    Index("events_of_moment", "product", "kind", "at"),
    Index(
        "events_of_suggestion",
        "product",
        "suggestion",
        sqlite_where=text("suggestion IS NOT NULL"),
        postgresql_where=text("suggestion IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # a number is never given twice, even after an erasure
)

ERASED = Table(
    "erased",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("id", String, primary_key=True),
)
"""Ids of erased events, and nothing else of them: whoever sends one again finds the door closed."""

ARTEFACTS = Table(
    "artefacts",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("about", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

SECRETS = Table(
    "secrets",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("password", String, nullable=False),
    Column("had_password", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("last_seen", BigInteger),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("person", String, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Index("sessions_of_person", "product", "person"),
)

KEYS = Table(
    "keys",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("kind", String, nullable=False),
    Column("label", String, nullable=False),
    Column("person", String, nullable=False),
    Column("permissions", Text, nullable=False),
    Column("origins", Text, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_used", BigInteger),
    UniqueConstraint("product", "digest", name="keys_once"),
)

TRIES = Table(
    "tries",
    METADATA,
    Column("product", Integer, ForeignKey("products.id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("tried", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
)
