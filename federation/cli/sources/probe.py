"""`lienthong sources probe`: what a source really does, before anything of it is kept.

In: a registered source, or an address. Out: a report as text or JSON, with the command that registers or changes the
source as proposed; exit 1 when the source is not there, is not of its kind, or lists no record.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from federation.cli import context, ending, passwords
from federation.cli.context import say, say_json
from federation.cli.options import check
from federation.errors import UsageError
from federation.pipeline.runs.manners import shared
from federation.pipeline.runs.manners import spec as spec_of
from federation.store import sources
from federation.store.sources import NewSource
from harvesters import KINDS
from harvesters.base import SourceSpec
from harvesters.errors import SourceRefused
from harvesters.http import masked
from harvesters.login import ASK, SECRET

if TYPE_CHECKING:
    from harvesters.probe import Proposal


@dataclass(frozen=True, slots=True)
class _Asked:
    """The source that is looked at; `member` is empty for one that is not registered."""

    spec: SourceSpec
    member: str
    contact: str


@click.command()
@click.argument("code")
@click.option("--url", default="", help="an address or path; CODE need not be registered")
@click.option("--kind", type=click.Choice(KINDS), default="oaipmh", show_default=True, help="of --url")
@click.option("--prefix", default="", help="OAI metadataPrefix to look at; empty: the best the server has")
@click.option("--set", "set_spec", default="", help="OAI set to look at")
@click.option("--option", "options", multiple=True, metavar="K=V", help="for this look, e.g. allow_private=true")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def probe(code: str, as_json: bool, **given: Any) -> None:
    """Report what a source really does, and propose its options; nothing is kept."""
    # What looks at servers is loaded when it is wanted: the other commands about sources begin at once.
    from federation.cli.sources.probe_report import described, lines  # noqa: PLC0415
    from harvesters.probe import probe as look  # noqa: PLC0415
    from harvesters.probe import proposals  # noqa: PLC0415

    asked = _asked(code, given)
    seen = look(asked.spec, asked.contact)
    proposed = proposals(asked.spec, seen)
    found = {
        **{"code": code, "kind": asked.spec.kind, "url": masked(asked.spec.url)},
        **described(seen, asked.spec.options),
        "proposed": [{"name": each.name, "value": each.value, "reason": each.reason} for each in proposed],
        "command": "" if seen.fault else _command(asked, proposed),
    }
    if as_json:
        say_json(found)
    else:
        say("\n".join(lines(found)))
    if seen.fault:
        raise SourceRefused("probe-failed", seen.fault, masked(asked.spec.url))
    ending.leave(ending.DONE)


def _asked(code: str, given: Mapping[str, Any]) -> _Asked:
    """Find what to look at: the source as it is registered, with what the command says instead."""
    options = passwords.asked(context.pairs(tuple(given["options"])))
    with context.workplace() as place:
        with place.database.read() as session:
            registered = None if given["url"] else sources.one(session, code)
            if given["url"] and code in {source.code for source in sources.every(session)}:
                # Its options may hold a password, which is for its own address only.
                raise UsageError("source-exists", "is registered: leave --url away, or take another code", code)
        contact, hosts = place.settings.admin_email, shared(place.settings.home)
    if registered is None:
        texts = (code, given["kind"], given["url"], given["prefix"], given["set_spec"])
        spec = SourceSpec(*texts, options, shared=hosts)
    else:
        spec = spec_of(place, registered)
        spec = replace(
            spec,
            prefix=given["prefix"] or spec.prefix,
            set_spec=given["set_spec"] or spec.set_spec,
            options={**spec.options, **options},
        )
    check(NewSource(code, spec.kind, spec.url, spec.prefix, spec.set_spec, options=spec.options))
    return _Asked(spec, registered.member if registered else "", contact)


def _command(asked: _Asked, proposed: "list[Proposal]") -> str:
    """Give the command line that registers the source, or changes it; nothing when it is well as it is."""
    changes = {each.name: each.value for each in proposed}
    spec = replace(asked.spec, prefix=changes.pop("prefix", asked.spec.prefix))
    spec = replace(spec, url=masked(spec.url), options={**spec.options, **changes})
    if not asked.member:
        return _adding(spec)
    return _applying(spec, asked.member) if proposed else ""


def _adding(spec: SourceSpec) -> str:
    words = ["lienthong", "sources", "add", spec.code, "--member", "MEMBER", "--kind", spec.kind, "--url", spec.url]
    words += ["--prefix", spec.prefix] if spec.prefix else []
    words += ["--set", spec.set_spec] if spec.set_spec else []
    for name, value in spec.options.items():
        words += ["--option", f"{name}={ASK if name in SECRET else value}"]
    return shlex.join(words)


def _applying(spec: SourceSpec, member: str) -> str:
    named = {"member": member, "kind": spec.kind, "url": spec.url, "prefix": spec.prefix, "set": spec.set_spec}
    # Secrets that a file does not name stay as they are.
    shown = {name: value for name, value in spec.options.items() if name not in SECRET}
    options = ", ".join(f"{name} = {_text(value)}" for name, value in shown.items())
    lines = [f"[{spec.code}]", *(f"{name} = {_text(value)}" for name, value in named.items() if value)]
    lines.append(f"options = {{ {options} }}")
    return "\n".join(("lienthong sources apply /dev/stdin <<'END'", *lines, "END"))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
