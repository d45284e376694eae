"""A long harvest cut into date windows, each taken whole or not at all: where the cuts are, and what is left to do.

In: the window of a harvest, a size, and from when on the source has records. Out: its parts, the oldest first, and the
`Course` through them, written as text after each page and read back after a crash. Neighbours share their edge, both
ends being inclusive (OAI-PMH 2.0, 2.7.1), so that no record falls between them; the first part keeps the harvest's own
beginning (open at a first harvest) and the last one its end, so that no datestamp lies outside all of them.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from harvesters.base import Window
from harvesters.errors import SourceRefused
from harvesters.options import Option

SIZE: Final = Option(
    "window", "none", "ask in date windows of a month, week or day; auto: cut only where a list breaks off"
)
SIZES: Final = ("none", "auto", "month", "week", "day")
#: a window of this length is not cut any further
SHORTEST: Final = timedelta(days=1)
#: OAI-PMH is younger than this; what claims to be older is found through the window that is open at the bottom
OLDEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
_VERSION: Final = 1


def size(text: str) -> str:
    """Read the option `window`; raises `SourceRefused`."""
    found = text.strip().lower() or SIZE.default
    if found not in SIZES:
        raise SourceRefused("option-invalid", f"option {SIZE.name} is {text!r}; write one of {', '.join(SIZES)}")
    return found


def cut(window: Window, every: str, beginning: datetime | None, now: datetime) -> tuple[Window, ...]:
    """Cut the next part off a window, at the first of a month, a Monday or a midnight (UTC), and give both.

    The window stays as it is when it is no larger than a part, or when nobody knows when it begins. That only the next
    part is cut off keeps what is written after each page short.
    """
    start = window.from_ or beginning
    if every not in ("month", "week", "day") or start is None:
        return (window,)
    edge = _next_edge(max(start, OLDEST), every)
    return (Window(window.from_, edge), Window(edge, window.until)) if edge < (window.until or now) else (window,)


def _next_edge(moment: datetime, every: str) -> datetime:
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if every == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 - day.weekday() if every == "week" else 1)


def halved(window: Window, beginning: datetime | None, now: datetime) -> tuple[Window, ...]:
    """Cut a window in two at a midnight (UTC) near its middle; nothing when it is as short as can be."""
    high = window.until or now
    low = window.from_ or max(beginning or OLDEST, OLDEST)
    if window.from_ is None and high - low <= SHORTEST:
        low = OLDEST  # what breaks off is older than the source says that it has records
    if high - low <= SHORTEST:
        return ()
    middle = (low + (high - low) / 2).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if middle <= low:
        middle += timedelta(days=1)
    return (Window(window.from_, middle), Window(middle, window.until)) if middle < high else ()


def shown(window: Window) -> str:
    """Name a window for people."""
    low, high = (f"{edge:%Y-%m-%d}" if edge else "" for edge in (window.from_, window.until))
    if low and high:
        return f"{low} to {high}"
    return f"from {low}" if low else f"until {high}" if high else "everything"


@dataclass(frozen=True, slots=True)
class Course:
    """The way through the windows: those `left`, the present one first, and those that `failed`.

    `question` names source and window; `began` is when the first answer was given, by the clock that was behind;
    `cutting` ends when the server proves not to mind the dates it is asked for.
    """

    question: str
    left: tuple[Window, ...]
    failed: tuple[Window, ...] = ()
    began: str = ""
    beginning: datetime | None = None
    received: int = 0
    whole: bool = True
    cutting: bool = True

    def taken(self, received: int, whole: bool) -> "Course":
        """Go on behind the present window, which was taken."""
        return replace(self, left=self.left[1:], received=self.received + received, whole=self.whole and whole)

    def parted(self, parts: tuple[Window, ...]) -> "Course":
        """Take the parts of the present window in its place."""
        return replace(self, left=(*parts, *self.left[1:]))

    def passed_over(self) -> "Course":
        """Leave the present window to a later run."""
        return replace(self, left=self.left[1:], failed=(*self.failed, self.left[0]), whole=False)

    def undivided(self, window: Window) -> "Course":
        """Take everything in one piece, for the dates asked for mean nothing to the server."""
        return replace(self, left=(window,), failed=(), whole=True, cutting=False)

    def again(self, window: Window, since: datetime) -> "Course":
        """Give what a later run has to do: what failed, what is left, and what changed since the newest part."""
        left = (*self.failed, *self.left)
        if all(part.until != window.until for part in left):
            left = (*left, Window(since, window.until))
        return replace(self, left=left, failed=(), began="", whole=False)

    def text(self) -> str:
        """Write it as `Page.resume`: who reads it begins with what was passed over."""
        kept = {
            "windows": _VERSION,
            "question": self.question,
            "left": [[_written(part.from_), _written(part.until)] for part in (*self.failed, *self.left)],
            "began": self.began,
            "beginning": _written(self.beginning),
            "received": self.received,
            "whole": self.whole,
            "cutting": self.cutting,
        }
        return json.dumps(kept, separators=(",", ":"))


def read(resume: str, question: str) -> Course | None:
    """Read `Page.resume`; None when it is none, of another version, or answers another question."""
    try:
        found = json.loads(resume) if resume else {}
        if found.pop("windows", None) != _VERSION or found.get("question") != question or not found["left"]:
            return None
        left = tuple(Window(_read(low), _read(high)) for low, high in found.pop("left"))
        return Course(left=left, beginning=_read(found.pop("beginning")), **found)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _read(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
