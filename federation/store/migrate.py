"""The shape of the database over time: Alembic, configured here in code, so that it works wherever the package is
installed.

In: a `Database`. Out: the database at the newest revision (`upgrade`), or a list of what differs from the models
(`drift`).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from federation.errors import Unavailable
from federation.store.engine import Database, reached
from federation.store.models import METADATA

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Name the revisions this software knows, in order: each file in `migrations/versions` begins with its own."""
    return sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


# Alembic is loaded only where it works: every command looks at the revision, and hardly any changes it.


def _config(database: Database) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; safe to repeat. Raises `Unavailable` when a newer version made it."""
    from alembic import command  # noqa: PLC0415

    _known(revision(database))
    with reached(database.url):
        command.upgrade(_config(database), "head")


def revision(database: Database) -> str | None:
    """Give the revision the database is at, or None when it was never made."""
    with reached(database.url), database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_current(database: Database) -> None:
    """Raise `Unavailable` unless the database is at the revision this software knows."""
    newest = revisions()[-1]
    found = revision(database)
    if found is None:
        raise Unavailable("database-missing", "there is no catalogue yet; run `lienthong init`", "database")
    _known(found)
    if found != newest:
        raise Unavailable(
            "database-outdated",
            f"is at revision {found}, this software needs {newest}; run `lienthong db upgrade`",
            "database",
        )


def _known(found: str | None) -> None:
    if found and found not in revisions():
        raise Unavailable(
            "database-newer",
            f"is at revision {found}, which this version does not know: a newer Lienthong made it; use that one",
            "database",
        )


def drift(database: Database) -> list[str]:
    """Name every difference between the database and the models; empty when there is none."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.migration import MigrationContext  # noqa: PLC0415

    with reached(database.url), Session(database.engine) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": False})
        return [str(difference) for difference in compare_metadata(context, METADATA)]
