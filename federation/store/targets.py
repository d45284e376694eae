"""Targets: the catalogues that a cataloguer may ask, which are those only searched and the sources that can be.

In: a session and values. Out: frozen rows. A source that speaks SRU or Z39.50 is a target under its own code, so the
two share their codes; where an older house has a target and a source of one code, the target is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from federation.errors import NotFound, UsageError
from federation.store.models import Member, Source, Target

#: kinds of sources that answer questions
KINDS: Final = ("sru", "z3950")


@dataclass(frozen=True, slots=True)
class NewTarget:
    """What it takes to make a target; `name` is what people call it."""

    code: str
    kind: str
    url: str
    name: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target; `member` is the library whose source it is, empty for one that is only searched."""

    code: str
    name: str
    kind: str
    url: str
    options: Mapping[str, str] = field(repr=False)
    member: str = ""


def add(session: Session, target: NewTarget, now: datetime) -> None:
    """Make a target; raises `UsageError` when the code is taken, by a source too."""
    check_free(session, target.code)
    values = {name: getattr(target, name) for name in ("code", "name", "kind", "url")}
    session.execute(insert(Target).values(**values, options=dict(target.options), created_at=now))


def check_free(session: Session, code: str) -> None:
    """Raise `UsageError` when a target or a source has this code: `search --target CODE` must mean one of them."""
    for model, what, way in (
        (Target, "target", f", or `lienthong targets remove {code}` first"),
        (Source, "source", ""),
    ):
        if session.scalar(select(model.id).where(model.code == code)):
            shared = "targets and sources share their codes, so take another"
            raise UsageError(f"{what}-exists", f"there is a {what} with this code already; {shared}{way}", code)


def remove(session: Session, code: str) -> None:
    """Forget a target; raises `NotFound` for what is none, a source among them."""
    if not session.scalar(select(Target.id).where(Target.code == code)):
        known = ", ".join(session.scalars(select(Target.code).order_by(Target.code))) or "none yet"
        raise NotFound("target-unknown", f"is no target that is only searched; those are: {known}", code)
    session.execute(delete(Target).where(Target.code == code))


def every(session: Session) -> list[TargetRow]:
    """List all that can be asked, by code."""
    rows = [_row(target) for target in session.scalars(select(Target))]
    taken = {row.code for row in rows}
    sources = session.execute(select(Source, Member).join(Member).where(Source.kind.in_(KINDS)))
    rows += [_of_source(source, member) for source, member in sources if source.code not in taken]
    return sorted(rows, key=lambda row: row.code)


def one(session: Session, code: str) -> TargetRow:
    """Give the target with this code; raises `NotFound` naming those there are."""
    rows = every(session)
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        known = ", ".join(row.code for row in rows) or "none yet; `lienthong targets add` makes one"
        raise NotFound("target-unknown", f"is no target; targets are: {known}", code)
    return found


def _row(target: Target) -> TargetRow:
    return TargetRow(target.code, target.name, target.kind, target.url, dict(target.options))


def _of_source(source: Source, member: Member) -> TargetRow:
    return TargetRow(source.code, member.name, source.kind, source.url, dict(source.options), member.code)
