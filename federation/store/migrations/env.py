"""Alembic's entry: runs the migrations on the engine that `store.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from federation.store.base import Utc
from federation.store.models import METADATA


def _render(kind: str, thing: Any, _autogenerate: Any) -> str | Literal[False]:
    # A migration must not change when the models do, so our own column type is written as what it is in SQL.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Utc) else False


with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, render_item=_render)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
