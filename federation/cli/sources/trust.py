"""`lienthong sources trust`: a look at the certificate of a server that no authority vouches for, and consent to it.

In: a source with an https address. Out: what the certificate says of itself; with consent its fingerprint in the
option `certificate`, after which the source takes this certificate and no other.
"""

from datetime import datetime

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say
from federation.errors import UsageError
from federation.pipeline.runs import breaker, manners
from federation.pipeline.workplace import Workplace
from federation.store import sources as store
from federation.store.sources import SourceRow
from harvesters.certificate import Certificate, look
from harvesters.pace import is_address
from harvesters.pins import CERTIFICATE


@click.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="trust this certificate from now on, and no other")
@click.option("--remove", is_flag=True, help="trust no certificate by itself any more")
def trust(code: str, yes: bool, remove: bool) -> None:
    """Show the certificate of a source's server, and trust it where no authority does."""
    if yes and remove:
        raise UsageError("trust", "--yes and --remove exclude each other", f"sources trust {code}")
    with context.workplace() as place:
        with place.database.read() as session:
            source = store.one(session, code)
        if remove:
            _store(place, code, "")
            say(f"{code}: certificates are checked by the usual rules again")
            return
        found = look(_address(source), manners.spec(place, source).options)
        _tell(found, source.options.get(CERTIFICATE.name, ""), clock.now())
        if yes and found.refused:
            _store(place, code, found.fingerprint)
        say(_told(code, found, yes))


def _address(source: SourceRow) -> str:
    lines = [line.strip() for line in source.url.splitlines()]
    found = next((line for line in lines if is_address(line) and line.lower().startswith("https:")), "")
    if not found:
        raise UsageError("no-tls", "has no https address, so there is no certificate to look at", source.code)
    return found


def _store(place: Workplace, code: str, pin: str) -> None:
    with place.database.write() as session:
        source = store.one(session, code)
        others = {name: value for name, value in source.options.items() if name != CERTIFICATE.name}
        store.change(session, source.id, options={**others, **({CERTIFICATE.name: pin} if pin else {})})
        breaker.forgive(session, source.id)


def _tell(found: Certificate, trusted: str, now: datetime) -> None:
    say(f"server     {found.server}")
    say(f"subject    {found.subject}")
    say(f"issuer     {found.issuer}")
    if found.begins and found.ends:
        dated = "" if found.begins <= now <= found.ends else " (not valid today)"
        say(f"valid      {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}{dated}")
    say(f"SHA-256    {found.fingerprint}")
    say(f"by rule    {f'refused: {found.refused}' if found.refused else 'accepted'}")
    if trusted:
        say(f"trusted    {'this one' if trusted == found.fingerprint else f'another one: {trusted}'}")


def _told(code: str, found: Certificate, yes: bool) -> str:
    if not found.refused:
        return f"It is accepted without our help: `lienthong sources trust {code} --remove` ends any trust of its own."
    if yes:
        return f"{code}: from now on this certificate is accepted and no other, whatever its name and date"
    return (
        "Ask the library, by telephone, whether this is the fingerprint of its server. If it is: "
        f"`lienthong sources trust {code} --yes`"
    )
