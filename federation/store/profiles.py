"""Profiles and their keys: what the rules read of bibs, there once however many bibs say it, and gone with the last.

In: profiles by number, encoded, with the hashes of their keys. Out: who shares a key with whom. Nothing of a profile
that no bib has any more remains; whoever stood beside it is marked, so that its clusters are derived anew.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from federation.store import verdicts
from federation.store.among import among
from federation.store.many import change, insert_columns, insert_rows
from federation.store.models import Bib, MatchKey, Profile, Verdict

_ENCODER: Final = msgspec.msgpack.Encoder()
_KEYS: Final = msgspec.msgpack.Decoder(tuple[int, ...])


class Stated(msgspec.Struct, frozen=True):
    """A profile as it is stored: its content as the pipeline encoded it, and the hashes of its keys."""

    content: bytes
    keys: tuple[int, ...]


def known(session: Session, numbers: Collection[int]) -> dict[int, bool]:
    """Give those of these profiles that are stored, and whether their verdicts have to be made anew."""
    rows = session.execute(select(Profile.id, Profile.stale).where(among(session, Profile.id, numbers)))
    return {row[0]: row[1] for row in rows}


def add(session: Session, stated: Mapping[int, Stated]) -> None:
    """Store profiles that are not known yet, with their keys."""
    rows = [
        {"id": name, "content": one.content, "keys": _ENCODER.encode(one.keys)} for name, one in sorted(stated.items())
    ]
    insert_rows(session, Profile, rows)
    keys = sorted([(key, name) for name, one in stated.items() for key in one.keys])
    # Neighbours in the tree are written one after the other.
    insert_columns(session, MatchKey, {"key": [key for key, _ in keys], "profile": [name for _, name in keys]})


def stated(session: Session, numbers: Collection[int]) -> dict[int, Stated]:
    """Give these profiles."""
    columns = (Profile.id, Profile.content, Profile.keys)
    rows = session.execute(select(*columns).where(among(session, Profile.id, numbers)))
    return {row[0]: Stated(row[1], _KEYS.decode(row[2])) for row in rows}


def sharing(session: Session, keys: Iterable[int]) -> dict[int, list[int]]:
    """Give for each of these keys that is carried at all the profiles that carry it, in order."""
    rows = session.execute(
        select(MatchKey.key, MatchKey.profile)
        .where(among(session, MatchKey.key, keys))
        .order_by(MatchKey.key, MatchKey.profile)
    )
    found: dict[int, list[int]] = {}
    for key, profile in rows:
        found.setdefault(key, []).append(profile)
    return found


def bibs_of(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """Count the bibs that have each of these profiles."""
    query = select(Bib.profile, func.count()).where(among(session, Bib.profile, numbers)).group_by(Bib.profile)
    return {row[0]: row[1] for row in session.execute(query) if row[0] is not None}


def refreshed(session: Session, numbers: Collection[int]) -> None:
    """Note that the verdicts of these profiles have been made anew."""
    change(session, update(Profile).where(among(session, Profile.id, numbers)).values(stale=False))


def mark(session: Session, numbers: Collection[int]) -> None:
    """Mark the bibs that have these profiles: their clusters have to be derived anew."""
    if numbers:
        settled = (among(session, Bib.profile, numbers), Bib.pending.is_(False))
        change(session, update(Bib).where(*settled).values(pending=True))


def leave(session: Session, numbers: Collection[int], most_sharing: int) -> set[int]:
    """Look after profiles that bibs have left: those that none has any more go, with their keys and verdicts, and all
    that stood beside a bib that left is marked.

    Gives the profiles that carry a key which now makes candidates again, as `most_sharing` or fewer share it.
    """
    if not numbers:
        return set()
    counts = bibs_of(session, numbers)
    dead = set(numbers) - counts.keys()
    mark(session, {*counts, *verdicts.partners(session, dead)})
    alone = [number for number, count in counts.items() if count == 1]
    of_itself = (among(session, Verdict.profile_a, alone), Verdict.profile_a == Verdict.profile_b)
    change(session, delete(Verdict).where(*of_itself))
    return _forget(session, dead, most_sharing) if dead else set()


def _forget(session: Session, dead: Collection[int], most_sharing: int) -> set[int]:
    verdicts.forget(session, dead)
    taken: dict[int, int] = {}
    for one in stated(session, dead).values():
        for key in one.keys:
            taken[key] = taken.get(key, 0) + 1
    gone = (among(session, MatchKey.key, taken), among(session, MatchKey.profile, dead))
    change(session, delete(MatchKey).where(*gone))
    change(session, delete(Profile).where(among(session, Profile.id, dead)))
    left = select(MatchKey.key, func.count()).where(among(session, MatchKey.key, taken)).group_by(MatchKey.key)
    reopened = [row[0] for row in session.execute(left) if row[1] <= most_sharing < row[1] + taken[row[0]]]
    return {profile for carriers in sharing(session, reopened).values() for profile in carriers}


def outdate(session: Session, numbers: Collection[int]) -> None:
    """Mark profiles whose verdicts have to be made anew, and their bibs, for the cluster stage."""
    if numbers:
        change(session, update(Profile).where(among(session, Profile.id, numbers)).values(stale=True))
        carriers = update(Bib).where(among(session, Bib.profile, numbers))
        change(session, carriers.values(pending=True, judged=False))


def forget_all(session: Session) -> None:
    """Forget all keys and verdicts: new rules read other things and say other things."""
    for model in (Verdict, MatchKey, Profile):
        change(session, delete(model))
    change(session, update(Bib).where(or_(Bib.judged, Bib.profile.is_not(None))).values(judged=False, profile=None))
