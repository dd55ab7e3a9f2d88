"""Bringing a database to the schema this code knows: once, under a lock, or not at all."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from payoff.adapters.storage.engines import reading, writing
from payoff.adapters.storage.schema import REVISION, VERSION_TABLE
from payoff.errors import NewerSchema

LOCK = 0x5041594F
"""Our corner of PostgreSQL's advisory locks; the second half is the product, and 0 the schema."""


def upgrade(engine: Engine) -> None:
    """Run what is missing, all of it in one transaction. Raises `NewerSchema` for a schema nobody here knows."""
    with reading(engine) as connection:
        if revision(connection) == REVISION:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock, 0)"), {"lock": LOCK})
        found = revision(connection)  # again: whoever held the lock before us may have done it all
        if found != REVISION:
            _run(connection, found)


def revision(connection: Connection) -> str | None:
    """The migration the database is at; `None` before the first."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - our constant


def _run(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(
            f"the database is at schema {found}, and this Payoff knows {REVISION}",
            where=connection.engine.url.render_as_string(hide_password=True),
            mend="Upgrade Payoff (pip install -U payoff), or restore a backup made by this version.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
