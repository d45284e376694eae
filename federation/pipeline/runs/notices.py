"""What an operator is told of: looked for after each run and by the clock, kept as rows, sent as one digest.

In: a `Workplace` and a run's `Report`, or the time. Out: rows of `notice`, each told once over every channel that the
settings name (mail, webhook). A notice that cannot be written or sent never fails a run; it is tried again.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from federation import clock
from federation.config import Settings
from federation.errors import FederationError, Unavailable, UsageError
from federation.pipeline.runs import notice_rules
from federation.pipeline.runs.holding import held
from federation.pipeline.runs.notice_rules import Facts, Notice
from federation.pipeline.runs.order import Report
from federation.pipeline.workplace import Workplace
from federation.store import Session, histories, notices, sources
from federation.store.histories import Standing
from federation.store.notices import NewNotice, NoticeRow
from federation.store.sources import RunRow
from federation.telling.digest import Digest, Item, digest, trial

log = logging.getLogger(__name__)
Channel = Callable[[Digest], None]
#: seconds between the three attempts to tell over a channel
PAUSES: Final = (2.0, 10.0)
#: a failure that nobody considered within this time was left by a process that died
_LEFT: Final = timedelta(minutes=5)
#: the lease under which one process at a time tells
_TELLING: Final = "telling"


def consider(place: Workplace, report: Report) -> None:
    """Keep what of a run has to be told; never fails."""
    _gently("run", partial(_consider, place, report.run))


def remind(place: Workplace, now: datetime) -> None:
    """Keep what is told by the clock: sources that are silent, and failures of processes that died; then tell it all.

    Never fails. To be called every quarter of an hour or so; it may wait for a mail server for a minute or two.
    """
    _gently("clock", partial(look, place, now))
    _gently("sending", partial(send, place, now))


def _gently(what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # whatever it is, what is harvested is worth more than what is told of it
        log.warning("notices (%s): %s", what, error)


def _consider(place: Workplace, run_id: int) -> None:
    with place.database.read() as session:  # most runs are worth no word: no writer has to wait for us
        run = sources.run(session, run_id)
        source = sources.one(session, run.source)
        found = notice_rules.of_run(_facts(session, run, source.id), source.options)
    if not found:
        return
    with place.database.write() as session:
        if not notices.of_run(session, run_id):
            for notice in found:
                _add(session, notice, source.id, run_id)


def _facts(session: Session, run: RunRow, source_id: int) -> Facts:
    held, failed = histories.held(session, run.id), run.status in notice_rules.FAILED
    return Facts(
        run=run.id,
        source=run.source,
        status=run.status,
        message=run.message,
        seen=run.counts["seen"],
        deleted=run.counts["deleted"],
        rejected=run.counts["rejected"],
        held=held,
        live=histories.live(session, source_id) if held or run.counts["deleted"] else 0,
        failures=histories.failures(session, source_id, run.kind, run.id) if failed else 0,
    )


def _add(session: Session, notice: Notice, source_id: int, run_id: int | None, now: datetime | None = None) -> None:
    row = NewNotice(notice.kind, source_id, run_id, notice.vietnamese, notice.english)
    notices.add(session, row, now or clock.now())


def look(place: Workplace, now: datetime) -> None:
    """Keep what is told by the clock, without telling it."""
    with place.database.read() as session:
        standings = histories.standings(session, counted=False)
    for standing in standings:
        if _was_left(standing, now) and standing.attempt:
            _gently(standing.source, partial(_consider, place, standing.attempt.run))
        _gently(standing.source, partial(_notice_silence, place, standing, now))


def _was_left(standing: Standing, now: datetime) -> bool:
    attempt = standing.attempt
    return bool(
        attempt and attempt.status in notice_rules.FAILED and attempt.ended_at and now - attempt.ended_at > _LEFT
    )


def _notice_silence(place: Workplace, standing: Standing, now: datetime) -> None:
    since = standing.success_at or standing.created_at
    days = notice_rules.silence_days(standing.options, bool(standing.schedule))
    notice = None if standing.paused else notice_rules.of_silence(standing.source, since, days, now)
    if notice is None:
        return
    with place.database.write() as session:
        before = notices.last(session, standing.id, notice.kind)
        if before is None or before < since:  # each silence is told once
            _add(session, notice, standing.id, None, now)


def channels(settings: Settings) -> Mapping[str, Channel]:
    """Give the ways to tell that the settings name: mail, webhook, both or none."""
    # Loaded only where somebody is told: a harvest needs no mail.
    from federation.telling import mail, webhook  # noqa: PLC0415

    found: dict[str, Channel] = {}
    if settings.notify_to:
        sender = settings.notify_from or settings.admin_email
        found["mail"] = partial(mail.send, mail.Post(settings.smtp_url, sender, settings.notify_to.split()))
    if settings.notify_webhook:
        found["webhook"] = partial(webhook.post, settings.notify_webhook)
    return found


def send(place: Workplace, now: datetime, sleep: Callable[[float], None] = time.sleep) -> int:
    """Tell all that is untold, over each channel in one digest; gives how many notices were told.

    Raises what kept a channel from being told; what it was to tell stays untold there. Without a channel nothing is
    told.
    """
    ways = channels(place.settings)
    if not ways:
        return 0
    faults: list[FederationError] = []
    with held(place, _TELLING):
        with place.database.read() as session:
            rows = notices.untold(session)
        for name, tell in ways.items():
            waiting = [row for row in rows if name not in row.told_to]
            try:
                _tell(place, tell, waiting, sleep)
            except FederationError as error:
                faults.append(error)
                continue
            with place.database.write() as session:
                notices.told(session, [row.id for row in waiting], name, ways.keys(), now)
    if faults:
        raise faults[0]
    return len(rows)


def _tell(place: Workplace, tell: Channel, rows: list[NoticeRow], sleep: Callable[[float], None]) -> None:
    if rows:
        items = [Item(row.id, row.kind, row.source, row.run, row.at, row.vietnamese, row.english) for row in rows]
        _patiently(tell, digest(items, place.settings.repository_name, place.settings.public_url), sleep)


def _patiently(tell: Channel, message: Digest, sleep: Callable[[float], None]) -> None:
    for pause in PAUSES:
        try:
            return tell(message)
        except Unavailable as error:
            log.info("%s; trying again in %g s", error, pause)
            sleep(pause)
    return tell(message)


def require_channels(settings: Settings) -> Mapping[str, Channel]:
    """Give the ways to tell; raises `UsageError` when there is none."""
    ways = channels(settings)
    if not ways:
        told = "there is nobody to tell: set LIENTHONG_NOTIFY_TO and LIENTHONG_SMTP_URL, or LIENTHONG_NOTIFY_WEBHOOK"
        raise UsageError("notify-nobody", told, "settings")
    return ways


def send_trial(place: Workplace) -> list[str]:
    """Send a trial over every channel, once; gives their names, raises what kept one from being told."""
    ways = require_channels(place.settings)
    for tell in ways.values():
        tell(trial(place.settings.repository_name, place.settings.public_url))
    return list(ways)
