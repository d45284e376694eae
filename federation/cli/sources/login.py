"""`lienthong sources login`: the user and password, or the token, that a source wants.

In: a source, and the secret from a prompt or standard input. Out: the secret, encrypted, in the source's options.
"""

from collections.abc import Mapping
from dataclasses import replace

import click

from federation.cli import context, passwords
from federation.cli.context import say
from federation.cli.options import check_options
from federation.errors import UsageError
from federation.pipeline.runs import breaker
from federation.pipeline.workplace import Workplace
from federation.store import sources as store
from harvesters.login import PASSWORD, SECRET, TOKEN, USER


@click.command()
@click.argument("code")
@click.option("--user", default="", help="user name; the password is asked for, or read from standard input")
@click.option("--token", is_flag=True, help="a token instead; it is asked for, or read from standard input")
@click.option("--remove", is_flag=True, help="forget user, password and token")
def login(code: str, user: str, token: bool, remove: bool) -> None:
    """Set the password or token of a source; it is kept encrypted."""
    if (bool(user), token, remove).count(True) != 1:
        raise UsageError("login", "takes one of --user NAME, --token and --remove", f"sources login {code}")
    with context.workplace() as place:
        with place.database.read() as session:
            store.one(session, code)
        given = {} if remove else {TOKEN.name: passwords.ask(TOKEN.name)} if token else _named(user)
        put(place, code, given)
    say(f"{code}: {'no password is kept' if remove else 'the secret is kept, encrypted'}")


def _named(user: str) -> dict[str, str]:
    return {USER.name: user, PASSWORD.name: passwords.ask(PASSWORD.name)}


def put(place: Workplace, code: str, given: Mapping[str, str]) -> None:
    """Store these secrets of a source in the place of those it had."""
    with place.database.write() as session:
        source = store.one(session, code)
        others = {name: value for name, value in source.options.items() if name not in SECRET}
        check_options(replace(source, options={**others, **given}))
        store.change(session, source.id, options={**others, **passwords.locked(place, given)})
        breaker.forgive(session, source.id)
