"""Events by the moment they speak of, so that a look at the last weeks costs the last weeks."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """To this step."""
    op.create_index("events_of_moment", "events", ["product", "kind", "at"])
