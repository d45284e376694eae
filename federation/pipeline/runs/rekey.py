"""A source that changed its ids: recognised by content, offered to the operator, carried out with consent.

In: what a whole look missed. Out: pairs (old, new) of raw records with equal content; after `accept` each old record
stands under its new id, and nothing is there twice.
"""

from collections.abc import Collection
from typing import Final

from federation import clock
from federation.errors import UsageError
from federation.pipeline.runs import losses
from federation.pipeline.runs.holding import Hold, held, of_source
from federation.pipeline.workplace import Workplace
from federation.store import Session, raws, rekeyings, sources
from federation.store.raws import Visit
from federation.store.sources import SourceRow

#: pairs that are written in one transaction: others must be able to write, too
_PART: Final = 500


def detect(session: Session, source_id: int, missing: Collection[int], live: int) -> list[tuple[int, int]]:
    """Give the pairs when a large part of a source is missing, and as many of its `live` records came later and say
    the same; else nothing.
    """
    if not missing or not losses.is_mass(len(missing), live // 2):
        return []
    runs = {raw_id: first_run for raw_id, _, first_run, _ in raws.live(session, source_id)}
    earliest = min(runs[raw_id] for raw_id in missing)
    gone = set(missing)
    later = {raw_id for raw_id, run in runs.items() if run > earliest and raw_id not in gone}
    # What came under new ids stands beside the old, so it does not count as a part of what there was.
    before = live - min(len(gone), len(later))
    if not losses.is_mass(min(len(gone), len(later)), before):
        return []
    found = [(old, new) for old, new in _paired(session, gone, later) if runs[new] > runs[old]]
    return found if losses.is_mass(len(found), before) else []


def _paired(session: Session, gone: set[int], later: set[int]) -> list[tuple[int, int]]:
    """Pair by equal bytes first, which costs little, and what is left by what the records say."""
    exact = losses.pairs(rekeyings.hashes(session, gone), rekeyings.hashes(session, later))
    gone = gone - {old for old, _ in exact}
    later = later - {new for _, new in exact}
    return sorted(exact + losses.pairs(_essences(session, gone), _essences(session, later)))


def _essences(session: Session, raw_ids: Collection[int]) -> dict[int, bytes]:
    return {
        one.raw_id: losses.essence(one.syntax, one.content, one.local_id) for one in rekeyings.kept(session, raw_ids)
    }


def accept(place: Workplace, source: SourceRow) -> int:
    """Give every proposed record of the source its new id, as a run of its own; gives that run.

    Some hundred at a time: one who is stopped goes on when the command is given again.
    """
    with held(place, of_source(source.code)) as hold:
        visit = _begun(place, source)
        last: int | None = 0
        while last is not None:
            last = _some(place, hold, visit, last)
        with place.database.write() as session:
            total = sources.run(session, visit.run_id).counts["changed"]
            message = f"{total} records have the ids that their source gave them anew"
            sources.end_run(session, visit.run_id, "success", message, clock.now())
    return visit.run_id


def _begun(place: Workplace, source: SourceRow) -> Visit:
    with place.database.write() as session:
        if not rekeyings.standing(session, source.id, 1):
            raise UsageError("nothing-to-rekey", "has no record that seems to be back under another id", source.code)
        now = clock.now()
        return Visit(source.id, sources.begin_run(session, source.id, (None, None), now, "rekey"), now)


def _some(place: Workplace, hold: Hold, visit: Visit, after: int) -> int | None:
    """Give some records their new ids; gives the last of the old ones, None when none was left."""
    with place.database.write() as session:
        hold.keep(session)
        chosen = rekeyings.standing(session, visit.source_id, _PART, after)
        if not chosen:
            return None
        rekeyings.give(session, visit, chosen)
        sources.record_page(session, visit.run_id, {"changed": len(chosen)}, "")
    return chosen[-1].old_id


def refuse(place: Workplace, source: SourceRow) -> int:
    """Forget the proposals of a source; gives how many there were."""
    with held(place, of_source(source.code)) as hold, place.database.write() as session:
        hold.keep(session)
        return rekeyings.refuse(session, source.id)
