"""The records of an answer as a cataloguer sees them: read, repaired, and marked where the union has them already.

In: records as received, and the store. Out: `Hit`s. They are read as a harvest reads them, by the same function, so
that what is shown is what would be taken in. The union has a record when the rules say that it is the same publication,
or when they are unsure and it has its ISBN.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from federation.matching.compare import Verdict, compare
from federation.matching.keys import MOST_SHARING, keys
from federation.matching.profile import Profile
from federation.matching.profile import profile as profile_of
from federation.pipeline.stages.judge import key_number, read
from federation.pipeline.stages.normalise import describe
from federation.store import Session, profiles, unions
from federation.store.compress import expand
from harvesters.base import Harvested
from schemas.bib import Bib, load
from schemas.issues import CODES


@dataclass(frozen=True, slots=True)
class Held:
    """The union record that is the same publication, and the members that have it."""

    id: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One record at its place in the result: MARCXML and internal record, without what concerns only its library.

    Where `bib` is None it could not be read, and `fault` says why.
    """

    position: int
    marcxml: bytes = b""
    bib: Bib | None = None
    fault: str = ""
    held: Held | None = None


def hits(records: Iterable[Harvested], start: int, options: Mapping[str, str]) -> tuple[Hit, ...]:
    """Read records; never raises for what their bytes say."""
    return tuple(_hit(record, place, options) for place, record in enumerate(records, start))


def _hit(record: Harvested, place: int, options: Mapping[str, str]) -> Hit:
    codes = [finding.partition(":")[0] for finding in record.findings]
    if any(CODES[code][0] == "rejected" for code in codes):
        return Hit(place, fault=record.where or "it was withheld")
    described = describe(record.syntax, record.content, options)
    if described.rejected:
        issues = [each for each in described.issues if each.severity == "rejected"] or described.issues
        return Hit(place, fault="; ".join(each.message for each in issues))
    return Hit(place, expand(described.marc), load(expand(described.content)))


def marked(session: Session, found: Sequence[Hit]) -> tuple[Hit, ...]:
    """Give the hits with the union records that are the same publications."""
    said = {hit.position: profile_of(hit.bib) for hit in found if hit.bib}
    carried = {place: [key_number(key) for key in keys(one)] for place, one in said.items()}
    sharing = profiles.sharing(session, {key for those in carried.values() for key in those})
    near = {place: _near(those, sharing) for place, those in carried.items()}
    stated = profiles.stated(session, {name for those in near.values() for name in those})
    known = {name: read(one) for name, one in stated.items()}
    best = {place: _best(said[place], {name: known[name] for name in near[place]}) for place in said}
    records = unions.of_profiles(session, {name for names in best.values() for name in names})
    holders = unions.holdings(session, set(records.values()))
    members = {number: tuple(dict.fromkeys(one.member_code for one in held)) for number, held in holders.items()}
    return tuple(replace(hit, held=_held(best.get(hit.position, ()), records, members)) for hit in found)


def _near(carried: Iterable[int], sharing: Mapping[int, Sequence[int]]) -> set[int]:
    groups = (sharing.get(key, ()) for key in carried)
    return {name for those in groups if len(those) <= MOST_SHARING for name in those}


def _best(mine: Profile, known: Mapping[int, Profile]) -> list[int]:
    """Give the profiles that are the same publication, the likest first."""
    verdicts = {name: compare(mine, other) for name, other in known.items()}
    same = [name for name, verdict in verdicts.items() if _is_same(mine, known[name], verdict)]
    return sorted(same, key=lambda name: (-verdicts[name].score, name))


def _is_same(mine: Profile, other: Profile, verdict: Verdict) -> bool:
    shares_isbn = not set(mine.isbns).isdisjoint(other.isbns)
    return verdict.decision == "same" or (shares_isbn and verdict.decision == "unsure")


def _held(best: Iterable[int], records: Mapping[int, int], members: Mapping[int, tuple[str, ...]]) -> Held | None:
    number = next((records[name] for name in best if name in records), None)
    return None if number is None else Held(number, members.get(number, ()))
