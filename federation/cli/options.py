"""The options of a source, checked when an operator writes them and not when a harvest at night reads them.

In: a source as it was written. Out: nothing, or a `UsageError` that names what is wrong and what is known.
"""

from collections.abc import Mapping

from federation.errors import UsageError
from federation.jobs import cron
from federation.pipeline.runs import harvest, replay, vanished
from federation.pipeline.runs.notice_rules import REJECTS, silence_days
from federation.pipeline.runs.whole import FULL_DAYS
from federation.pipeline.stages import encoding, own
from federation.store.sources import NewSource, SourceRow
from harvesters import hours, known_options, open_source
from harvesters.base import SourceSpec
from harvesters.errors import HarvestError
from harvesters.options import Option, flag, number, whole
from schemas.crosswalks.marc21_holdings import mapping
from schemas.errors import SchemaError


def known(kind: str) -> dict[str, Option]:
    """Give every option a source of this kind may have, by name."""
    return {option.name: option for option in (*harvest.OPTIONS, *known_options(kind))}


def check_options(source: SourceRow) -> None:
    """Raise `UsageError` unless a source that is there can have these options."""
    check(NewSource(source.code, source.kind, source.url, source.prefix, source.set_spec, options=source.options))


def check(source: NewSource) -> None:
    """Raise `UsageError` unless every option is known to this kind of source and its value can be used."""
    if source.schedule:
        cron.parse(source.schedule)
    names = known(source.kind)
    if unknown := [name for name in source.options if name not in names]:
        raise UsageError(
            "option-unknown",
            f"no option of {source.kind} is called {unknown[0]!r}; known are {', '.join(sorted(names))}",
            source.code,
        )
    try:
        _read(source.options)
        spec = SourceSpec(source.code, source.kind, source.url, source.prefix, source.set_spec, source.options)
        open_source(spec)
    except (HarvestError, SchemaError) as error:
        raise UsageError("option-invalid", error.message, source.code) from error


def _read(options: Mapping[str, str]) -> None:
    hours.spans(options.get(hours.HOURS.name, ""))
    silence_days(options, scheduled=True)
    number(REJECTS, options)
    flag(own.COPIES, options)
    whole(replay.KEEP_PAGES, options)
    number(FULL_DAYS, options)
    vanished.check(options)
    encoding.check(options)
    mapping(options.get(harvest.HOLDINGS.name, ""))
