"""A whole that no server gives at once, divided into parts that it does give: where to divide, and the proof.

In: an `Axis` along which records lie (years, numbers, keys, or the terms of an index), the cap, and a callable that
asks a server how many records a part has. Out: a `Course` through parts under the cap; pure, so that any protocol can
walk it. Parts have a lower bound that is in them and an upper one that is not, and the outermost are open: whatever
the order of the server, no record that has a place on the axis lies outside all of them. What has none is the `rest`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Protocol

_VERSION: Final = 1
#: letters and digits of keys, in the order of ASCII without its capitals, as indexes fold them
_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST_KEY: Final = 40
#: terms that are looked at to find one cut
_MOST_TERMS: Final = 5000
_TOLD: Final = 5
YEARS: Final = (1000, 2100)
#: what a count gives where a server only says that there are too many
UNTOLD: Final = 1 << 50


@dataclass(frozen=True, slots=True)
class Part:
    """What lies from `low` to below `high`; an empty bound is open. `rest`: what lies on neither side of `low`."""

    low: str = ""
    high: str = ""
    rest: bool = False


WHOLE: Final = Part()


class Axis(Protocol):
    """Along what a whole is divided."""

    def divided(self, part: Part, cap: int) -> tuple[Part, ...]:
        """Give two parts that together hold what this one holds; nothing when it cannot be divided."""
        ...


@dataclass(frozen=True, slots=True)
class Integers:
    """Whole numbers, such as years: halved between the two outermost cuts, `low` and `high`."""

    low: int
    high: int

    def divided(self, part: Part, cap: int) -> tuple[Part, ...]:  # noqa: ARG002
        """Halve the part."""
        low = int(part.low) if part.low else self.low - 1
        high = int(part.high) if part.high else self.high + 1
        return _cut(part, str((low + high) // 2)) if high - low > 1 else ()


@dataclass(frozen=True, slots=True)
class Keys:
    """Texts of letters and digits, such as control numbers: cut at the shortest key that lies between."""

    def divided(self, part: Part, cap: int) -> tuple[Part, ...]:  # noqa: ARG002
        """Cut the part near its middle."""
        key = _between(part.low, part.high)
        return _cut(part, key) if key else ()


def _between(low: str, high: str) -> str:
    key, is_open = "", not high
    for place in range(_LONGEST_KEY):
        begin = _ALPHABET.index(low[place]) if place < len(low) else 0
        end = len(_ALPHABET) if is_open or place >= len(high) else _ALPHABET.index(high[place])
        if end - begin > 1:
            return key + _ALPHABET[(begin + end) // 2]
        key += _ALPHABET[begin]
        is_open = is_open or begin != end
    return ""


#: gives terms of an index with their records, in the server's order, from a term on ("": the first)
Scan = Callable[[str], Iterable[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that an index holds, in the server's own order: cut where the records of those before fill the cap."""

    scan: Scan

    def divided(self, part: Part, cap: int) -> tuple[Part, ...]:
        """Cut off as many terms as stay under the cap, or half of them when all do."""
        terms: list[str] = []
        total = 0
        for term, records in self.scan(part.low):
            if (part.high and term == part.high) or len(terms) >= _MOST_TERMS:
                break
            if terms and total + records >= cap:
                return _cut(part, term)
            terms.append(term)
            total += records
        return _cut(part, terms[len(terms) // 2]) if len(terms) > 1 else ()


def _cut(part: Part, edge: str) -> tuple[Part, ...]:
    return Part(part.low, edge), Part(edge, part.high)


@dataclass(frozen=True, slots=True)
class Course:
    """The way through the parts: those `left`, the present one first; what was `taken` of the `total` (records as the
    server counts them); `short`: why parts cannot be had whole; `cap`: how many it gives of one result, 0 unknown;
    `asked`: how often it was asked for numbers since a part was taken whole.
    """

    question: str
    left: tuple[Part, ...] = (WHOLE,)
    total: int | None = None
    cap: int = 0
    taken: int = 0
    received: int = 0
    asked: int = 0
    divided: bool = False
    short: tuple[str, ...] = ()

    def done(self, hits: int, fresh: int) -> "Course":
        """Go on behind the present part, which was taken whole."""
        total = hits if self.left[0] == WHOLE else self.total
        taken, received = self.taken + hits, self.received + fresh
        # A server whose parts can be taken minds their bounds: it may be asked as often again for the next ones.
        return replace(self, left=self.left[1:], total=total, taken=taken, received=received, asked=0)

    def lacking(self, reason: str, fresh: int = 0) -> "Course":
        """Go on behind the present part, of which something is missing."""
        return replace(self, left=self.left[1:], received=self.received + fresh, short=(*self.short, reason))

    def capped(self, cap: int, hits: int) -> "Course":
        """Learn that a result ends after so many records; the present part is still to be taken."""
        lower = min(self.cap, cap) if self.cap else cap
        return replace(self, cap=lower, total=hits if self.left[0] == WHOLE else self.total)

    @property
    def covers(self) -> bool:
        """The proof: no part is short, and the parts have as many records as the whole."""
        return not self.left and not self.short and self.total is not None and self.taken == self.total

    def doubts(self) -> list[str]:
        """Say what of the proof is missing."""
        more = [f"and {len(self.short) - _TOLD} more parts"] if len(self.short) > _TOLD else []
        sums = self.divided and not self.short and not self.left and self.taken != self.total
        whole = "nobody knows how many" if self.total is None or self.total >= UNTOLD else f"{self.total}"
        uneven = [f"the parts have {self.taken} records and the whole {whole}: they overlap or leave some out"]
        return [*self.short[:_TOLD], *more, *(uneven if sums else [])]

    def text(self, place: Any = None) -> str:
        """Write it as `Page.resume`, with the place within the present part."""
        return json.dumps({"parts": _VERSION, **asdict(self), "place": place}, separators=(",", ":"))


def read(resume: str, question: str) -> tuple[Course, Any] | None:
    """Read `Page.resume`; None when it is none, of another version, or answers another question."""
    try:
        found = json.loads(resume) if resume else {}
        if found.pop("parts", None) != _VERSION or found["question"] != question or not found["left"]:
            return None
        place = found.pop("place")
        left = tuple(Part(**part) for part in found.pop("left"))
        return Course(left=left, short=tuple(found.pop("short")), **found), place
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def opened(course: Course, axis: Axis | None, count: Callable[[Part], int]) -> Course:
    """Divide the present part until it is under the cap, and pass over what is empty.

    Where no cap is known nothing is asked. A part that cannot be divided any further is left as it is: who walks it
    finds out how much of it can be had. The servers' answers bound the work: one that minds no bounds is given up.
    """
    while course.left and course.cap and axis:
        part = course.left[0]
        hits = count(part)
        course = replace(course, asked=course.asked + 1, total=hits if part == WHOLE else course.total)
        if hits == 0:
            course = replace(course, left=course.left[1:])
            continue
        parts = axis.divided(part, course.cap) if hits >= course.cap and not part.rest else ()
        if not parts or course.asked > _patience(course):
            return course
        rest = (Part(parts[1].low, "", rest=True),) if part == WHOLE else ()
        course = replace(course, left=(*parts, *course.left[1:], *rest), divided=True)
    return course


def _patience(course: Course) -> int:
    """Give how often may be asked: a server that gives every part the same number would be asked for ever."""
    return 200 + 100 * ((course.total or 0) // course.cap + 1) if course.cap < UNTOLD else 20_000
