"""One question to several targets at once, each with its own time, all within one.

In: a query tree, the codes of targets, which records are wanted. Out: an `Answer` for every target, in the order in
which they come: what it found, why it failed, or that it was late. Each is asked by a thread of its own that nobody
waits for longer than its time: one that hangs ends when its socket gives up, and what it brings then is thrown away.
"""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import Literal

from federation import vault
from federation.config import Settings
from federation.errors import FederationError, Unavailable, UsageError
from federation.store import Database, targets
from federation.store.targets import TargetRow
from federation.targets import hits, sru, z3950
from federation.targets.asked import MOST_RECORDS, MOST_TARGETS, Asked
from federation.targets.gathering import Place
from federation.targets.hits import Hit
from federation.targets.profile import Habits, habits
from harvesters.base import SourceSpec
from harvesters.errors import HarvestError
from schemas.errors import SchemaError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question at one target. `total` is None where it was not told; `code` and `message` say why it
    failed, or what of an answer is missing; `seconds` is how long it took.
    """

    target: TargetRow
    status: Literal["answered", "failed", "late"]
    seconds: float
    total: int | None = None
    hits: tuple[Hit, ...] = ()
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Call:
    """A question on its way to one target."""

    target: TargetRow
    began: float
    seconds: float
    answers: "SimpleQueue[Answer]" = field(repr=False)

    @property
    def until(self) -> float:
        return self.began + self.seconds


def search(database: Database, settings: Settings, asked: Asked) -> Iterator[Answer]:
    """Yield what each target answers as it comes; raises `NotFound` and `UsageError` before anything is asked."""
    rows = _rows(database, asked)
    answers: SimpleQueue[Answer] = SimpleQueue()
    calls = {row.code: _begun(settings, row, asked, answers) for row in rows}
    return _collected(database, calls, answers)


def _rows(database: Database, asked: Asked) -> list[TargetRow]:
    codes = tuple(dict.fromkeys(asked.codes))
    if not 0 < len(codes) <= MOST_TARGETS:
        raise UsageError("targets", f"name one to {MOST_TARGETS} targets, not {len(codes)}", ", ".join(codes[:5]))
    if not (0 < asked.most <= MOST_RECORDS and asked.start > 0):
        message = f"1 to {MOST_RECORDS} records are given of each target, from place 1 on"
        raise UsageError("target-records", message, f"{asked.most} from {asked.start}")
    with database.read() as session:
        return [targets.one(session, code) for code in codes]


def _begun(settings: Settings, row: TargetRow, asked: Asked, answers: "SimpleQueue[Answer]") -> _Call:
    began = time.monotonic()
    try:
        spec = spec_of(settings, row)
        used = habits(spec.options)
    except (FederationError, HarvestError) as error:
        call = _Call(row, began, asked.within, answers)
        answers.put(_failed(call, error))
        return call
    call = _Call(row, began, min(asked.seconds or used.wait, asked.within), answers)
    work = threading.Thread(
        target=_asked, args=(call, spec, used, asked, settings.admin_email), name=f"target {row.code}", daemon=True
    )
    work.start()
    return call


def spec_of(settings: Settings, row: TargetRow) -> SourceSpec:
    """Give what a harvester has to know of a target; raises `Unavailable` when its secrets cannot be read."""
    try:
        options = vault.unlock(settings.home, row.options, row.code)
    except Unavailable as error:
        if row.member:
            raise
        message = (
            f"its password cannot be read; restore {vault.NAME} from a backup, or remove the target and add it again"
        )
        raise Unavailable(error.code, message, row.code) from error
    return SourceSpec(row.code, row.kind, row.url, options=options)


def _asked(call: _Call, spec: SourceSpec, used: Habits, asked: Asked, contact: str) -> None:
    place = Place(asked.start, asked.most, call.seconds)
    try:
        if spec.kind == "z3950":
            received = z3950.ask(spec, used, asked.node, place)
        else:
            received = sru.ask(spec, used, asked.node, place, contact)
        found = hits.hits(received.records, asked.start, spec.options)
        answer = Answer(call.target, "answered", 0.0, received.total, found, message=received.note)
    except (HarvestError, SchemaError) as error:
        answer = _failed(call, error)
    except Exception:
        # A fault of ours with one target's answer must not take the others' away.
        log.exception("%s: the answer could not be worked on", call.target.code)
        answer = Answer(call.target, "failed", 0.0, code="own-fault", message="a fault of ours; the log has it")
    call.answers.put(replace(answer, seconds=time.monotonic() - call.began))


def _failed(call: _Call, error: FederationError | HarvestError | SchemaError) -> Answer:
    # Where it was is the target, whose code stands beside it; of our own grammar and settings the place is told.
    message = error.message if isinstance(error, HarvestError) else str(error)
    return Answer(call.target, "failed", time.monotonic() - call.began, code=error.code, message=message)


def _collected(database: Database, calls: dict[str, _Call], answers: "SimpleQueue[Answer]") -> Iterator[Answer]:
    while calls:
        patience = min(call.until for call in calls.values()) - time.monotonic()
        try:
            answer = answers.get(timeout=max(0.0, patience))
        except Empty:
            now = time.monotonic()
            for call in [call for call in calls.values() if call.until <= now]:
                del calls[call.target.code]
                yield _late(call)
        else:
            if calls.pop(answer.target.code, None):
                yield _marked(database, answer)


def _late(call: _Call) -> Answer:
    message = f"no answer within {call.seconds:g} s; the others are not held up by it"
    return Answer(call.target, "late", call.seconds, code="late", message=message)


def _marked(database: Database, answer: Answer) -> Answer:
    if not answer.hits:
        return answer
    with database.read() as session:
        return replace(answer, hits=hits.marked(session, answer.hits))


def in_order(answers: Sequence[Answer], codes: Sequence[str]) -> list[Answer]:
    """Give answers in the order in which the targets were named."""
    return sorted(answers, key=lambda answer: codes.index(answer.target.code))
