"""How far a harvest has come, and where the next one starts: what must outlive a crash.

In: the source, the window, the answers. Out: a `Mark`, written as text after each page (`Page.resume`) and read back by
a later process, which asks for the last kept page once more; times as OAI-PMH writes them (UTC, seconds or days), and
the start of the next incremental harvest.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zlib import crc32

from harvesters import base
from harvesters.base import SourceSpec, Window

_VERSION: Final = 2
#: identifiers of a page by which it is known again
_TAIL: Final = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known after a page. `question` names source and window; `began` is the first responseDate; of the
    `broken` pages so many records are `lost`.
    """

    question: str
    prefix: str
    began: str = ""
    days: bool = False
    token: str = ""
    pages: int = 0
    received: int = 0
    promised: int | None = None
    broken: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a list was left: what was known `before` the page that was kept last and `behind` it, and the fingerprints
    of the identifiers at its end.

    Tokens of many servers count places in the list. When records leave it, the next token skips as many that were not
    seen; the page before them shows it.
    """

    before: Progress
    behind: Progress
    tail: tuple[str, ...] = ()

    def text(self) -> str:
        """Write it as `Page.resume`."""
        return json.dumps({"v": _VERSION, **asdict(self)}, ensure_ascii=False, separators=(",", ":"))

    def has_moved(self, names: Iterable[str]) -> bool:
        """Whether the page that was kept last, asked for again, names none of those it ended with."""
        return bool(self.tail) and not set(self.tail).intersection(map(_fingerprint, names))


def mark(before: Progress, behind: Progress, names: Iterable[str]) -> Mark:
    """Give the mark behind a page that named these."""
    return Mark(before, behind, tuple(map(_fingerprint, list(names)[-_TAIL:])))


def _fingerprint(name: str) -> str:
    return f"{crc32(name.encode('utf-8', 'replace')):08x}"


def question(spec: SourceSpec, window: Window) -> str:
    """Name what is asked of whom; a token answers this question and no other."""
    return base.question(spec.url, spec.prefix, spec.set_spec, window.from_, window.until)


def read(resume: str, asked: str) -> Mark | None:
    """Read `Page.resume`; None when it is none, of another version, answers another question, or has no token."""
    try:
        found = json.loads(resume) if resume else {}
        if found.get("v") != _VERSION:
            return None
        known = Mark(Progress(**found["before"]), Progress(**found["behind"]), tuple(found["tail"]))
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    return known if known.behind.question == asked and known.behind.token else None


def written(moment: datetime, days: bool) -> str:
    """Write a time as an argument of OAI-PMH."""
    return f"{moment.astimezone(UTC):{'%Y-%m-%d' if days else '%Y-%m-%dT%H:%M:%SZ'}}"


def moment(text: str) -> datetime | None:
    """Read a time of OAI-PMH, also with fractions or an offset, as aware UTC; None when it is no time."""
    match = re.match(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?\s*(?:Z|[+-]\d\d:?\d\d)?)?", text.strip())
    if match is None:
        return None
    try:
        found = datetime.fromisoformat(match[0].replace(" ", "T", 1))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def next_from(began: datetime, overlap: timedelta, days: bool) -> datetime:
    """Give where the next harvest starts: when the first answer was given, less the overlap; for days the whole day.

    The overlap makes up for datestamps given before their record could be seen; the unchanged is told by its hash.
    """
    start = (began - overlap).replace(microsecond=0)
    return start.replace(hour=0, minute=0, second=0) if days else start
