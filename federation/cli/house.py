"""Commands about the house itself: make it, run its stages, look whether all is well.

In: settings. Out: a folder with database and index; counts and faults as text or JSON.
"""

from urllib.parse import urlsplit

import click

from federation import config
from federation.cli import context, ending
from federation.cli.context import say, say_json
from federation.cli.progress import showing
from federation.index import open_engine
from federation.pipeline import check as checking
from federation.pipeline.stages.walk import STAGES, walk
from federation.store import Database, members, migrate, seeds
from harvesters.http import masked


def make(settings: config.Settings) -> None:
    """Make folder, database and index; what is there already stays."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        migrate.upgrade(database)
        _plant(database)
    finally:
        database.close()
    open_engine(settings.index_url, create=True).close()


def _plant(database: Database) -> None:
    with database.write() as session:
        members.plant(session, seeds.admin_units(), seeds.library_kinds(), seeds.former_districts())


@click.command()
def init() -> None:
    """Make folder, database and index; safe to repeat."""
    settings = config.read()
    make(settings)
    say(f"The catalogue is ready in {settings.home}")


@click.command("run")
@click.argument("stage", required=False, type=click.Choice([stage.name for stage in STAGES]))
def run_stages(stage: str | None) -> None:
    """Run the stages over what needs work.

    All of them when none is named.
    """
    with context.workplace() as place, showing() as show:
        done = walk(place, (stage,) if stage else (), show)
    for each in STAGES:
        if each.name in done:
            say(f"{each.name}: {done[each.name]}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def status(as_json: bool) -> None:
    """Count what is there and what waits for work."""
    with context.workplace() as place:
        found = checking.status(place)
    if as_json:
        say_json(found)
        return
    for name, value in found.items():
        if name != "pending":
            say(f"{name:12} {value}")
    waiting = ", ".join(f"{stage} {count}" for stage, count in found["pending"].items() if count)
    say(f"waiting      {waiting or 'nothing'}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def check(as_json: bool) -> None:
    """Say what does not agree, from raw records to the index.

    Exit 1 when something does not.
    """
    with context.workplace() as place:
        faults = checking.check(place)
    if as_json:
        rows = [{"code": fault.code, "what": fault.what, "ids": list(fault.ids)} for fault in faults]
        say_json({"ok": not faults, "faults": rows})
    else:
        for fault in faults:
            say(f"{fault.code}: {fault.what}: {', '.join(map(str, fault.ids))}")
        say("All is well." if not faults else f"{len(faults)} kinds of faults.")
    ending.leave(ending.FAILED if faults else ending.DONE)


def _hidden(value: str) -> str:
    # The address of a webhook is itself the secret; of a database or a mail server only the password is.
    parts = urlsplit(value)
    if parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{parts.hostname}/***"
    return masked(value)


@click.command()
def settings() -> None:
    """Print every setting with its value and origin."""
    found = config.read()
    for setting in config.SETTINGS:
        value = found.value(setting.name)
        say(f"{setting.name}={_hidden(value) if setting.secret else value}")
        say(f"    from {found.origins[setting.name]}. {setting.explanation}")


@click.group()
def db() -> None:
    """The database's shape."""


@db.command()
def upgrade() -> None:
    """Bring the database to the shape this version needs."""
    with context.database(config.read()) as database:
        migrate.upgrade(database)
        _plant(database)
        say(f"The database is at revision {migrate.revision(database)}")


@db.command("check")
def check_shape() -> None:
    """Say where the database differs from what this version expects; exit 1 when it does."""
    with context.database(config.read()) as database:
        migrate.require_current(database)
        differences = migrate.drift(database)
        for difference in differences:
            say(difference)
        say(f"revision {migrate.revision(database)}, {len(differences)} differences")
    ending.leave(ending.FAILED if differences else ending.DONE)
