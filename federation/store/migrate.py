"""The shape of the database over time: Alembic, configured here in code, so that it works wherever the package is
installed.

In: a `Database`. Out: the database at the newest revision (`upgrade`), or a list of what differs from the models
(`drift`).
"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from federation.errors import Unavailable
from federation.store.engine import Database, reached
from federation.store.models import Base


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision; safe to repeat. Raises `Unavailable` when a newer version made it."""
    _known(database, revision(database))
    with reached(database.url):
        command.upgrade(_config(database), "head")


def revision(database: Database) -> str | None:
    """Give the revision the database is at, or None when it was never made."""
    with reached(database.url), database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> None:
    """Raise `Unavailable` unless the database is at the revision this software knows."""
    newest = ScriptDirectory.from_config(_config(database)).get_current_head()
    found = revision(database)
    if found is None:
        raise Unavailable("database-missing", "there is no catalogue yet; run `lienthong init`", "database")
    _known(database, found)
    if found != newest:
        raise Unavailable(
            "database-outdated",
            f"is at revision {found}, this software needs {newest}; run `lienthong db upgrade`",
            "database",
        )


def _known(database: Database, found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config(database)).walk_revisions()}
    if found and found not in known:
        raise Unavailable(
            "database-newer",
            f"is at revision {found}, which this version does not know: a newer Lienthong made it; use that one",
            "database",
        )


def drift(database: Database) -> list[str]:
    """Name every difference between the database and the models; empty when there is none."""
    with reached(database.url), Session(database.engine) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": False})
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]
