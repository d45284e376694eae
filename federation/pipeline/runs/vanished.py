"""What becomes of records that their source no longer has: missed, confirmed, held, withdrawn, taken back.

In: a whole look at a source (`Look`), or an operator's decision. Out: a `Finding` for the run; rows of `absence`, and
withdrawn raw records. The judgement is in `losses`; here it is only carried out, by who holds the lease of the source.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from federation import clock
from federation.errors import NotFound, UsageError
from federation.pipeline.runs import losses, rekey
from federation.pipeline.runs.decision import decide
from federation.pipeline.runs.holding import Hold, held, of_source
from federation.pipeline.runs.losses import GUARD, Circumstances
from federation.pipeline.runs.naming import ID_STRIP, Naming
from federation.pipeline.workplace import Workplace
from federation.store import Session, absences, raws, rekeyings, sources
from federation.store.raws import Visit
from federation.store.sources import SourceRow
from harvesters.base import Window
from harvesters.options import Option, flag, number

COMPLETE: Final = Option("complete", "false", "what a whole run does not bring is withdrawn without a second look")
SWEEP_DAYS: Final = Option(
    "sweep_days", "30", "days after which all identifiers are listed to find what is gone; 0: never", 0, 3650
)
OPTIONS: Final = (SWEEP_DAYS, GUARD, ID_STRIP)
#: how long a withdrawal can be taken back
RESTORABLE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Look:
    """A whole look: hashes of the local ids that were there; `consent`: the operator says that there is no more;
    `ids_only`: only identifiers were listed, so records that have none of their own are not judged.
    """

    seen: Collection[int]
    consent: bool = False
    ids_only: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look found: a note for the run, whether an operator has to decide, how many records were withdrawn, and
    how many identifiers were there that we have no live record of.
    """

    note: str = ""
    held: bool = False
    withdrawn: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class _Survey:
    """The live records of a source against a look: the `missing` ones, how many were `known` before, and `found`."""

    missing: frozenset[int]
    known: int
    found: int
    live: int


def looks(source: SourceRow, window: Window) -> bool:
    """Say whether a run over this window can be a whole look: files only where they are said to be complete."""
    return window == Window() and (source.kind != "files" or has_consent(source))


def awaits(place: Workplace, source: SourceRow) -> bool:
    """Say whether records of a source are absent, so that those which come are told to be there again."""
    with place.database.read() as session:
        return absences.oldest(session, source.id) is not None


def strangers(count: int) -> str:
    """Say that ids of withdrawn records were given to other works, which have no part in what belonged to those."""
    return f"{count} ids of withdrawn records now belong to other works, which were taken as new" if count else ""


def check(options: Mapping[str, str]) -> None:
    """Raise `SourceRefused` unless these options can be used."""
    flag(COMPLETE, options)
    number(SWEEP_DAYS, options)
    number(GUARD, options)
    Naming(options)


def has_consent(source: SourceRow) -> bool:
    """Say whether the operator has said that what a whole run does not bring is gone (option `complete`)."""
    return flag(COMPLETE, source.options)


def conclude(place: Workplace, source: SourceRow, visit: Visit, look: Look, hold: Hold) -> Finding:
    """Judge what a whole look at a source did not find, carry it out, and say what was done."""
    with place.database.read() as session:
        survey = _survey(session, visit, look)
        since = absences.of_source(session, source.id)
        waiting = {pair.old_id for pair in rekeyings.standing(session, source.id)}
        proposed = rekey.detect(session, source.id, survey.missing, survey.live)
    times = {raw_id: since[raw_id].since if raw_id in since else None for raw_id in survey.missing}
    guard = number(GUARD, source.options)
    circumstances = Circumstances(visit.now, survey.known, guard, look.consent, empty=not look.seen)
    judgement = losses.judge(times, circumstances)
    withdraw = set() if proposed else judgement.withdraw - waiting
    reason = "complete" if look.consent else "absent"
    with place.database.write() as session:
        hold.keep(session)
        raws.mark(session, sorted(withdraw), visit, reason)
        absences.replace(session, visit, survey.missing - withdraw, judgement.held or bool(proposed))
        rekeyings.replace(session, visit, proposed)
        sources.record_page(session, visit.run_id, {"deleted": len(withdraw)}, "")
        sources.change(session, source.id, swept_at=visit.now)
    left = len(survey.missing) - len(withdraw)
    note = _note(source, survey, (len(withdraw), left, len(proposed)), judgement.held)
    return Finding(note, judgement.held or bool(proposed), len(withdraw), len(look.seen) - survey.found)


def _survey(session: Session, visit: Visit, look: Look) -> _Survey:
    missing, found, known, live = set(), 0, 0, 0
    for raw_id, local_id, first_run, findings in raws.live(session, visit.source_id):
        known += first_run != visit.run_id
        live += 1
        if hash(local_id) in look.seen:
            found += 1
        elif not (look.ids_only and "id-missing" in findings.split()):
            missing.add(raw_id)
    return _Survey(frozenset(missing), known, found, live)


def _note(source: SourceRow, survey: _Survey, counts: tuple[int, int, int], held: bool) -> str:
    withdrawn, left, proposed = counts
    told = []
    if withdrawn:
        told.append(f"{withdrawn} records that are gone from the source were withdrawn")
    if proposed:
        told.append(
            f"{len(survey.missing)} of {survey.known} records are absent, and {proposed} of them seem to be back under "
            f"other ids: nothing was withdrawn; decide with `lienthong harvest rekey {source.code}`"
        )
    elif held:
        most = losses.allowed(survey.known, number(GUARD, source.options))
        told.append(
            f"{left} of {survey.known} records are absent, at most {most} may vanish at once: nothing was withdrawn; "
            f"decide with `lienthong harvest absent {source.code}`"
        )
    elif left:
        told.append(f"{left} records are absent and will be withdrawn if a later look misses them too")
    return "; ".join(told)


# --- what an operator decides ---------------------------------------------------------------------------------------


def withdraw(place: Workplace, source: SourceRow) -> int:
    """Withdraw, with the operator's consent, every absent record that does not wait for `rekey`; gives the run."""

    def act(session: Session, visit: Visit) -> tuple[int, str]:
        chosen = absences.decidable(session, source.id)
        if not chosen:
            raise UsageError("nothing-absent", "has no absent record to withdraw", source.code)
        raws.mark(session, chosen, visit, "operator")
        absences.settle(session, chosen)
        return len(chosen), f"the operator withdrew {len(chosen)} absent records"

    return decide(place, source, "withdraw", act)


def keep(place: Workplace, source: SourceRow) -> int:
    """Forget what is absent; gives how many records that were."""
    with held(place, of_source(source.code)) as hold, place.database.write() as session:
        hold.keep(session)
        return absences.forget(session, source.id)


def restore(place: Workplace, run_id: int) -> int:
    """Take back what a run withdrew, where it has not come back otherwise; gives the new run."""
    with place.database.read() as session:
        found = absences.withdrawal(session, run_id)
        if found is None:
            raise NotFound("run-unknown", "is no run; `lienthong harvest history` lists them", str(run_id))
        source = sources.one(session, found.source)
    if clock.now() - found.at > RESTORABLE:
        message = f"was more than {RESTORABLE.days} days ago, so what it withdrew cannot be taken back"
        again = f"`lienthong harvest run {found.source} --full` fetches what the source has"
        raise UsageError("restore-too-late", f"{message}; {again}", f"run {run_id}")

    def act(session: Session, visit: Visit) -> tuple[int, str]:
        again = absences.withdrawal(session, run_id)
        chosen = again.raw_ids if again else ()
        if not chosen:
            raise UsageError("nothing-withdrawn", "withdrew nothing that is still withdrawn", f"run {run_id}")
        absences.revive(session, chosen, visit)
        return len(chosen), f"{len(chosen)} records that run {run_id} withdrew are back"

    return decide(place, source, "restore", act)
