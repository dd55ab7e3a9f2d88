from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import payoff.adapters.storage
from payoff.adapters.storage.access import Access
from payoff.adapters.storage.database import Database
from payoff.adapters.storage.schema import METADATA, REVISION, VERSION_TABLE
from payoff.errors import NewerSchema


def test_the_migrations_lead_to_the_tables_the_code_knows(url: str) -> None:
    database = Database.open(url)
    access: Access = database._access
    with access.reading() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []
    database.close()


def test_the_code_asks_for_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(payoff.adapters.storage.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_opening_again_changes_nothing(url: str) -> None:
    first = Database.open(url)
    first.storage("shop")
    first.close()
    again = Database.open(url)
    assert again.products() == ["shop"]
    again.storage("clinic")
    assert again.products() == ["clinic", "shop"]
    again.close()


def test_a_database_of_a_newer_payoff_is_refused_and_left_as_it_is(url: str) -> None:
    database = Database.open(url)
    with database._access.writing(0) as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    database.close()
    with pytest.raises(NewerSchema, match="9999") as refused:
        Database.open(url)
    assert "Upgrade Payoff" in str(refused.value)
    with database._access.reading() as connection:
        assert connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() == "9999"
    database.close()
