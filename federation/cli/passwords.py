"""Passwords and tokens on their way from an operator to the database: asked for, encrypted, never shown.

In: the options of a source as they were typed, and those that are stored. Out: the options to store, their secrets
encrypted; and lines about them for `sources show`. A secret typed as `-` is asked for: on a terminal without being
seen, else as a line of standard input.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit, urlunsplit

import click

from federation import vault
from federation.errors import Unavailable, UsageError
from federation.pipeline.workplace import Workplace
from federation.store.sources import NewSource, SourceRow
from harvesters.login import ASK, PASSWORD, SECRET, USER
from harvesters.pace import hosts
from harvesters.pins import CERTIFICATE


def ask(what: str) -> str:
    """Ask for a secret."""
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True, err=True))
    found = sys.stdin.readline().rstrip("\r\n")
    if not found:
        raise UsageError("secret-missing", "must come on standard input, as one line; nothing came", what)
    return found


def asked(options: Mapping[str, str]) -> dict[str, str]:
    """Give options with the secrets that were typed as `-` asked for."""
    return {name: ask(name) if name in SECRET and value == ASK else value for name, value in options.items()}


def moved(source: NewSource) -> NewSource:
    """Give a source whose address names user and password with both as options, where they are kept encrypted."""
    if len(source.url.split()) > 1:
        return source  # each of several addresses may have its own
    try:
        parts = urlsplit(source.url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:
        return source
    if not (hosts(source.url) and user and password) or SECRET & source.options.keys():
        return source
    address = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return replace(source, url=address, options={**source.options, USER.name: user, PASSWORD.name: password})


def locked(place: Workplace, options: Mapping[str, str]) -> dict[str, str]:
    """Give options as they are stored."""
    return vault.lock(place.settings.home, options, SECRET)


def settled(place: Workplace, old: SourceRow | None, url: str, options: Mapping[str, str], code: str) -> dict[str, str]:
    """Give the options to store where a file names `options`: secrets and the trusted certificate need not stand in
    it, and stay as long as the source stays at its host.
    """
    if wanted := [name for name in sorted(SECRET) if options.get(name) == ASK]:
        message = f"cannot be asked for here; leave {wanted[0]} out and use `lienthong sources login {code}`"
        raise UsageError("secret-in-file", message, f"{code} {wanted[0]} = {ASK!r}")
    stored = old.options if old and hosts(old.url) == hosts(url) else {}
    kept = {} if SECRET & options.keys() else {name: stored[name] for name in SECRET & stored.keys()}
    if CERTIFICATE.name not in options and CERTIFICATE.name in stored:
        kept[CERTIFICATE.name] = stored[CERTIFICATE.name]
    given = {name: value for name, value in options.items() if value or name not in SECRET}
    same = {name: stored[name] for name in SECRET & given.keys() if _same(place, stored.get(name, ""), given[name])}
    return {**locked(place, {name: value for name, value in given.items() if name not in same}), **kept, **same}


def _same(place: Workplace, stored: str, typed: str) -> bool:
    try:
        return stored != "" and vault.unlock(place.settings.home, {"": stored}, "")[""] == typed
    except Unavailable:
        return False  # the key is lost: what was typed is encrypted anew, with the key that is there now


def shown(source: SourceRow) -> Iterator[str]:
    """Give a line for each option of a source, without its secrets, and what an operator should be warned of."""
    for name, value in source.options.items():
        yield f"{'option':10} {name}={'*** (encrypted)' if name in SECRET else value}"
    if source.options.get(CERTIFICATE.name):
        yield (
            f"{'warning':10} no authority vouches for this server: only this certificate is accepted, whatever its "
            f"name and date; `lienthong sources trust {source.code}` looks whether it is still needed"
        )
    if SECRET & source.options.keys() and "http://" in source.url.lower():
        yield f"{'warning':10} the password goes to the server unencrypted (http)"
