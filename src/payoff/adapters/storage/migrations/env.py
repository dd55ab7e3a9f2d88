"""How Alembic runs here: over the connection it is handed, inside the transaction that holds the lock."""

from __future__ import annotations

from alembic import context

from payoff.adapters.storage.schema import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite's schema changes are transactional too, since we say BEGIN ourselves
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
