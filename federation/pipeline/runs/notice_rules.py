"""What of a run, or of the silence of a source, an operator has to be told: pure rules.

In: what is known of a run (`Facts`) and of a source; its options. Out: `Notice`s, each said in Vietnamese and in
English with what happened, where, and what to do. Whether something was told already is not known here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation import clock
from federation.pipeline.runs.losses import GUARD
from harvesters.options import Option, number

SILENCE: Final = Option(
    "silence_days", "", "days without a success after which the operator is told; empty: 7 with a schedule", 0.04, 3650
)
REJECTS: Final = Option(
    "reject_rate", "0.1", "fraction of the records of a run that may be put aside before the operator is told", 0, 1
)
OPTIONS: Final = (SILENCE, REJECTS)
#: of failures in a row the first is told, and then every fifth
EVERY: Final = 5
FAILED: Final = ("failed", "interrupted")
_SCHEDULED_DAYS: Final = 7.0
#: characters of a source's own message that a notice quotes
_QUOTED: Final = 500


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a run that has ended. `live`: records of its source now; `held`: those that it would have
    withdrawn and that wait for the operator; `failures`: runs of its source that failed in a row, this one included.
    """

    run: int
    source: str
    status: str
    message: str
    seen: int = 0
    deleted: int = 0
    rejected: int = 0
    held: int = 0
    live: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: failure, silence, deletions or rejects."""

    kind: str
    vietnamese: str
    english: str


def of_run(facts: Facts, options: Mapping[str, str]) -> list[Notice]:
    """Say what of a run has to be told; raises `SourceRefused` for an option that is none."""
    return [*_failure(facts), *_deletions(facts, number(GUARD, options)), *_rejects(facts, number(REJECTS, options))]


def _failure(facts: Facts) -> Iterator[Notice]:
    if facts.status not in FAILED or (facts.failures > 1 and facts.failures % EVERY):
        return
    said = " ".join(facts.message.split())[:_QUOTED] or "-"
    english = "was interrupted" if facts.status == "interrupted" else "failed"
    vietnamese = "bị dừng giữa chừng" if facts.status == "interrupted" else "không thành công"
    row = f" ({facts.failures} in a row)" if facts.failures > 1 else ""
    again = f" ({facts.failures} lần liên tiếp)" if facts.failures > 1 else ""
    yield Notice(
        "failure",
        f"Lượt thu {facts.run} từ nguồn {facts.source} {vietnamese}{again}: {said}",
        f"Run {facts.run} of source {facts.source} {english}{row}: {said}",
    )


def _deletions(facts: Facts, guard: float) -> Iterator[Notice]:
    before = facts.live + facts.deleted
    if facts.deleted > max(1.0, guard * before):
        yield Notice(
            "deletions",
            f"Lượt thu {facts.run} đã xoá {facts.deleted} trong {before} biểu ghi của nguồn {facts.source}. "
            "Hãy hỏi thư viện xem có đúng không.",
            f"Run {facts.run} withdrew {facts.deleted} of the {before} records of source {facts.source}. "
            "Ask the library whether that is right.",
        )
    if facts.held:
        yield Notice(
            "deletions",
            f"Lượt thu {facts.run} không thấy {facts.held} trong {before} biểu ghi của nguồn {facts.source}; "
            "chưa xoá biểu ghi nào. Hãy hỏi thư viện rồi quyết định.",
            f"Run {facts.run} did not find {facts.held} of the {before} records of source {facts.source}; "
            "nothing is withdrawn. Ask the library, then decide.",
        )


def _rejects(facts: Facts, rate: float) -> Iterator[Notice]:
    if facts.rejected and facts.rejected > rate * facts.seen:
        yield Notice(
            "rejects",
            f"Lượt thu {facts.run}: {facts.rejected} trong {facts.seen} biểu ghi của nguồn {facts.source} bị để riêng "
            "vì không đọc được. Lệnh `lienthong records aside` cho biết lý do.",
            f"Run {facts.run}: {facts.rejected} of {facts.seen} records of source {facts.source} are put aside "
            "because they cannot be read. `lienthong records aside` says why.",
        )


def silence_days(options: Mapping[str, str], scheduled: bool) -> float:
    """Give the days a source may be silent; 0 when nobody waits for it: no schedule, and no option that says so."""
    if str(options.get(SILENCE.name, "")).strip():
        return number(SILENCE, options)
    return _SCHEDULED_DAYS if scheduled else 0.0


def of_silence(source: str, since: datetime, days: float, now: datetime) -> Notice | None:
    """Say that a source had no success since this time, when that is longer than its days."""
    if not days or now - since <= timedelta(days=days):
        return None
    return Notice(
        "silence",
        f"Nguồn {source} chưa có lượt thu nào thành công từ {clock.local(since)} (quá {days:g} ngày). "
        "Xem `lienthong harvest status`.",
        f"Source {source} has had no successful run since {clock.local(since)} (over {days:g} days). "
        "See `lienthong harvest status`.",
    )
