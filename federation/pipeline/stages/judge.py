"""The first half of clustering: what bibs say is compared with what others say.

In: bibs whose content has come or changed. Out: profiles, keys and verdicts. These are a function of the profiles that
are there and of the rules: a key counts while at most `MOST_SHARING` profiles carry it, and when one more or one less
carries it, all that carry it are judged anew.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from federation.matching import RULES
from federation.matching.compare import Verdict, compare
from federation.matching.keys import MOST_SHARING, keys
from federation.matching.profile import Profile, decoded, encoded, named, profile
from federation.store import Session, bibs, clusters, pins, profiles, verdicts
from federation.store.bibs import Unjudged
from federation.store.profiles import Stated
from federation.store.verdicts import Linked
from schemas.bib import load

log = logging.getLogger(__name__)
Pair = tuple[int, int]


class Heard(NamedTuple):
    """What a bib of this fingerprint says: its profile as it is stored, and the number of that."""

    content_hash: bytes
    number: int
    stated: Stated


@dataclass(frozen=True, slots=True)
class _Said:
    """What these bibs say: the profile number of each, the profiles by number."""

    numbers: dict[int, int]
    profiles: dict[int, Stated]


def hear(content_hash: bytes, content: bytes) -> Heard:
    """Read what a bib of this fingerprint says (`schemas.bib.dump`)."""
    found, written, number = says(content)
    return Heard(content_hash, number, stated(found, written))


def says(content: bytes) -> tuple[Profile, bytes, int]:
    """Give what a bib says by the present rules: its profile, that as it is stored, and its number."""
    found = profile(load(content))
    written = encoded(found)
    return found, written, named(written)


def judge(session: Session, unjudged: Iterable[Unjudged], heard: Mapping[int, Heard]) -> None:
    """Compare these bibs. Those that are new and met nobody get their clusters at once; most of a first harvest do.

    Normalise may be at work beside us: a bib that says something else by now waits for the next pass.
    """
    rows = [row for row in unjudged if row.id in heard and heard[row.id].content_hash == row.content_hash]
    if not rows:
        return
    numbers = {row.id: heard[row.id].number for row in rows}
    said = _Said(numbers, {heard[row.id].number: heard[row.id].stated for row in rows})
    reopened = _renew(session, rows, said)
    counts = _counts(session, rows, said)
    known = profiles.known(session, said.profiles.keys())
    fresh = {name: one for name, one in said.profiles.items() if name not in known}
    met = _compare(session, said, fresh, {*reopened, *(name for name, stale in known.items() if stale)}, counts)
    _settle(session, rows, said, met | {name for name, count in counts.items() if count > 1})


def stated(said: Profile, content: bytes) -> Stated:
    """Give a profile as it is stored: its content, and the numbers of its keys."""
    return Stated(content, tuple(sorted({key_number(key) for key in keys(said)})))


def key_number(key: str) -> int:
    """Name a key by its text."""
    return named(key.encode())


def read(stored: Stated) -> Profile:
    """Give a stored profile as the rules take it."""
    return decoded(stored.content)


def _renew(session: Session, rows: Iterable[Unjudged], said: _Said) -> set[int]:
    """Give bibs that had another profile their new one; gives the profiles whose keys make candidates again."""
    changed = [row for row in rows if row.profile not in (None, said.numbers[row.id])]
    bibs.give_profiles(session, [(row.id, said.numbers[row.id]) for row in changed])
    return profiles.leave(session, {row.profile for row in changed if row.profile is not None}, MOST_SHARING)


def _counts(session: Session, rows: Iterable[Unjudged], said: _Said) -> dict[int, int]:
    """Count the bibs that have each profile, those of this batch with them."""
    counts = profiles.bibs_of(session, said.profiles.keys())
    for row in rows:
        if row.profile is None:
            name = said.numbers[row.id]
            counts[name] = counts.get(name, 0) + 1
    return counts


def _compare(
    session: Session, said: _Said, fresh: Mapping[int, Stated], again: Collection[int], counts: Mapping[int, int]
) -> set[int]:
    """Write the profiles that are new and all verdicts on them; remake those on the ones to judge `again`, and on those
    that carry a key which is now carried by too many. Gives the profiles that are linked to another.
    """
    carriers = profiles.sharing(session, {key for one in fresh.values() for key in one.keys})
    full = {key for key, those in carriers.items() if len(those) <= MOST_SHARING}
    _extend(carriers, fresh)
    crowded = {key for key in full if len(carriers[key]) > MOST_SHARING}
    _warn(key for key, those in carriers.items() if len(those) > MOST_SHARING)
    again = {*again, *(name for key in crowded for name in carriers[key] if name not in fresh)}
    profiles.add(session, fresh)
    pairs = candidates(carriers, fresh.keys())
    before: set[Linked] = set()
    if again:
        before = verdicts.links(session, again)
        verdicts.forget(session, again)
        pairs |= _candidates_of(session, again)
    pairs |= _identical(session, counts, fresh.keys() | again)
    found = _judged(session, said, pairs)
    verdicts.add(session, [_row(pair, verdict) for pair, verdict in found.items()])
    if again:
        _mark_changed(session, before, found, again)
    return {name for pair, verdict in found.items() if is_link(verdict) for name in pair}


def _extend(carriers: dict[int, list[int]], fresh: Mapping[int, Stated]) -> None:
    for name, one in fresh.items():
        for key in one.keys:
            carriers.setdefault(key, []).append(name)


def _warn(keys_out_of_use: Iterable[int]) -> None:
    for key in keys_out_of_use:
        log.info("more than %d profiles carry the key %x: it is not used", MOST_SHARING, key)


def candidates(carriers: Mapping[int, Sequence[int]], wanted: Collection[int]) -> set[Pair]:
    """Give the pairs that share a key which not too many carry, and in which a wanted profile stands."""
    return {
        (min(one, other), max(one, other))
        for those in carriers.values()
        if 1 < len(those) <= MOST_SHARING
        for one in those
        if one in wanted
        for other in those
        if other != one
    }


def _candidates_of(session: Session, names: Collection[int]) -> set[Pair]:
    keys_of = profiles.stated(session, names)
    return candidates(profiles.sharing(session, {key for one in keys_of.values() for key in one.keys}), names)


def _identical(session: Session, counts: Mapping[int, int], renewed: Collection[int]) -> set[Pair]:
    """Give the profiles that several bibs have, as pairs with themselves, where that was not judged yet."""
    several = {name for name, count in counts.items() if count > 1}
    for name, count in profiles.bibs_of(session, set(renewed) - counts.keys()).items():
        several |= {name} if count > 1 else set()
    done = verdicts.of_themselves(session, several) if several else set()
    return {(name, name) for name in several - done}


def _judged(session: Session, said: _Said, pairs: Collection[Pair]) -> dict[Pair, Verdict]:
    """Judge pairs; gives the verdicts that are kept."""
    wanted = {name for pair in pairs for name in pair}
    others = wanted - said.profiles.keys()
    opened = {**said.profiles, **(profiles.stated(session, others) if others else {})}
    known = {name: read(opened[name]) for name in wanted}
    found = {pair: compare(known[pair[0]], known[pair[1]]) for pair in sorted(pairs)}
    return {pair: verdict for pair, verdict in found.items() if is_kept(pair, verdict)}


def is_kept(pair: Pair, verdict: Verdict) -> bool:
    """Tell whether a verdict is stored: what equal records are to each other always is."""
    return pair[0] == pair[1] or verdict.decision != "different" or verdict.related


def is_link(verdict: Verdict) -> bool:
    """Tell whether two profiles with this verdict speak for each other."""
    return verdict.decision == "same" or verdict.related


def linked(pair: Pair, verdict: Verdict) -> Linked:
    """Give a verdict as the derivation takes it."""
    return Linked(*pair, verdict.score, verdict.decision == "same", verdict.related, verdict.vetoed)


def _row(pair: Pair, verdict: Verdict) -> dict[str, Any]:
    return {
        "profile_a": pair[0],
        "profile_b": pair[1],
        "decision": verdict.decision,
        "score": verdict.score,
        "related": verdict.related,
        "vetoed": verdict.vetoed,
        "reasons": verdict.reasons,
        "rules": RULES,
    }


def _mark_changed(session: Session, before: set[Linked], found: Mapping[Pair, Verdict], again: Collection[int]) -> None:
    """Mark the bibs whose links came or went when verdicts were made anew."""
    renewed = set(again)
    now = {
        linked(pair, verdict) for pair, verdict in found.items() if is_link(verdict) and not renewed.isdisjoint(pair)
    }
    profiles.mark(session, {name for link in before ^ now for name in (link.left, link.right)})
    profiles.refreshed(session, again)


def _settle(session: Session, rows: Sequence[Unjudged], said: _Said, met: Collection[int]) -> None:
    new = [row for row in rows if row.cluster_id is None and row.profile is None and said.numbers[row.id] not in met]
    bound = {bib for pair in pins.beside(session, [row.id for row in new]) for bib in pair[:2]}
    alone = [row.id for row in new if row.id not in bound]
    minted = clusters.mint(session, [None] * len(alone))
    placed = [(bib, said.numbers[bib], cluster) for bib, cluster in zip(alone, minted, strict=True)]
    bibs.settle_alone(session, placed)
    others = {row.id for row in rows} - set(alone)
    bibs.give_profiles(session, [(bib, said.numbers[bib]) for bib in sorted(others)])
