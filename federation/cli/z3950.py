"""`lienthong z3950`: who may use the Z39.50 door.

In: a name and a password, asked for. Out: the line for the file that `LIENTHONG_Z3950_USERS` names.
"""

import click

from federation.cli.context import say
from federation.cli.passwords import ask
from federation.errors import UsageError
from federation.z3950.users import hashed


@click.group()
def z3950() -> None:
    """The Z39.50 door."""


@z3950.command()
@click.argument("user")
def password(user: str) -> None:
    """Print a line for the file of users: the name, and a hash of the password that is asked for."""
    if ":" in user or not user.isprintable() or user != user.strip():
        raise UsageError("user-name", "must have no colon and no blank around it", user)
    say(f"{user}:{hashed(ask('Password'))}")
