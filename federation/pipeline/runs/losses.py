"""What to think of records that a whole look at their source did not find: the judgement, without a database.

In: which records are missing since when, how many there were, and how the look was made. Out: what is withdrawn, what
waits for a second look, what is held for the operator; which old record seems to be which new one; whether what comes
back under an old id is the same work.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from federation.pipeline.stages.normalise import describe
from federation.store.compress import expand
from federation.store.raws import digest
from harvesters.options import Option
from schemas.bib import Bib, load
from schemas.vietnamese.fold import folded

GUARD: Final = Option("guard", "0.05", "the part of the records that may vanish at once, and one always may", 0, 1)
#: between the look that missed a record first and the one that may withdraw it
CONFIRMED_AFTER: Final = timedelta(hours=12)
#: while something is missing, or a sweep failed, the next one is not before this
LOOK_AGAIN: Final = timedelta(hours=24)
#: so large a part of a source that is missing may be a change of ids
MASS: Final = 0.3
_OWN_NUMBERS: Final = re.compile(r'<controlfield tag="00[135]">[^<]*</controlfield>')
#: length and base address, which go with the length of 001
_LEADER: Final = re.compile(r"<leader>.{5}(.{7}).{5}")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a look was made: when, with the operator's word that what is not there is gone, and what the guard allows.

    `known` are the live records before it; `empty` means that the source had nothing at all.
    """

    now: datetime
    known: int
    guard: float
    consent: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of the missing: `withdraw` now, the others wait; `held` for the operator's word."""

    withdraw: frozenset[int]
    held: bool


def allowed(known: int, guard: float) -> int:
    """Give how many records of a source may vanish at once: a fraction of it, and always one."""
    return max(1, int(guard * known))


def judge(missing: Mapping[int, datetime | None], look: Circumstances) -> Judgement:
    """Judge the missing, each with the time since when it is known to be absent (None: it was there until now)."""
    if missing and (look.empty or len(missing) > allowed(look.known, look.guard)):
        return Judgement(frozenset(), held=True)
    if look.consent:
        return Judgement(frozenset(missing), held=False)
    limit = look.now - CONFIRMED_AFTER
    ripe = (raw_id for raw_id, since in missing.items() if since is not None and since <= limit)
    return Judgement(frozenset(ripe), held=False)


@dataclass(frozen=True, slots=True)
class Habit:
    """When a source was looked through: last with a conclusion, last at all, and since when something is missing."""

    concluded: datetime
    begun: datetime | None
    missing: datetime | None


def is_due(habit: Habit, days: float, now: datetime) -> bool:
    """Say whether a source should be looked through: after `days` (0: never), or to confirm what is missing."""
    if not days or (habit.begun is not None and now - habit.begun < LOOK_AGAIN):
        return False
    if habit.missing is not None and now - habit.missing >= CONFIRMED_AFTER:
        return True
    return now - habit.concluded >= timedelta(days=days)


def is_mass(missing: int, known: int) -> bool:
    """Say whether so many records are concerned that the ids may have been changed."""
    return missing > MASS * known


def pairs(old: Mapping[int, bytes], new: Mapping[int, bytes]) -> list[tuple[int, int]]:
    """Pair old and new records of equal content, one to one: what stands twice on either side is not paired."""
    times_old, times_new = Counter(old.values()), Counter(new.values())
    by_content = {content: raw_id for raw_id, content in new.items() if times_new[content] == 1}
    return [
        (raw_id, by_content[content])
        for raw_id, content in sorted(old.items())
        if times_old[content] == 1 and content in by_content
    ]


def essence(syntax: str, content: bytes, local_id: str) -> bytes:
    """Give the fingerprint of what a record says, without its own numbers (001, 003, 005, its OAI identifier)."""
    found = describe(syntax, content, {})
    if found.rejected:
        return digest(content)
    text = _LEADER.sub(r"<leader>\1", _OWN_NUMBERS.sub("", expand(found.marc).decode()))
    return digest(text.replace(escape(local_id), "").encode() if local_id else text.encode())


def alike(old_syntax: str, old: bytes, syntax: str, content: bytes) -> bool:
    """Say whether two contents under one id are the same work: a common standard number, else an equal title.

    What cannot be read speaks neither for nor against, and leaves the record what it was.
    """
    before, after = describe(old_syntax, old, {}), describe(syntax, content, {})
    if before.rejected or after.rejected:
        return True
    return _same_work(load(expand(before.content)), load(expand(after.content)))


def _same_work(left: Bib, right: Bib) -> bool:
    mine, theirs = _numbers(left), _numbers(right)
    if mine and theirs:
        return bool(mine & theirs)
    return folded(str(left.title)).split() == folded(str(right.title)).split()


def _numbers(bib: Bib) -> set[str]:
    return {*bib.numbers("isbn"), *bib.numbers("issn")}
