"""How much a record tells, as a score: the best of a cluster is the base of the union record.

In: a MARC record. Out: a `Score`: points in all and for each feature. `FEATURES` is the whole of the rule, and a table
of the reference page about the union record. Only what readers and cataloguers use counts: fields of a library's
own (`marc21_local`) and copies give nothing, so that a record does not win because its library has many copies.
"""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from schemas.crosswalks.marc21_local import is_local
from schemas.crosswalks.marc21_numbers import isbn, issn
from schemas.marc.record import MarcRecord

_WORDED: Final = ("100", "110", "245", "700", "710")
#: what is left of a letter that nobody could decode: U+FFFD, or a question mark inside a word
_BROKEN: Final = re.compile("\ufffd|[^\\W\\d_]\\?[^\\W\\d_]")
_DIGIT: Final = re.compile("[0-9]")


class Feature(msgspec.Struct, frozen=True):
    """One line of the table: `points` for each time `count` finds it, at most `most` times."""

    name: str
    points: int
    most: int
    what: str
    why: str
    count: Callable[[MarcRecord], int]


class Score(msgspec.Struct, frozen=True):
    """The points of a record, and the features that gave or took them: (name, points)."""

    total: int
    parts: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        return f"{self.total} ({', '.join(f'{name} {points:+}' for name, points in self.parts)})"


def score(record: MarcRecord) -> Score:
    """Score a record by `FEATURES`."""
    counted = ((each.name, each.points * min(each.most, each.count(record))) for each in FEATURES)
    parts = tuple((name, points) for name, points in counted if points)
    return Score(sum(points for _, points in parts), parts)


def _title(record: MarcRecord) -> str:
    field = record.first("245")
    return " ".join(field.all("abnpc")) if field else ""


def _marks(record: MarcRecord) -> int:
    return int(not _title(record).isascii())


def _broken(record: MarcRecord) -> int:
    texts = (part.value for field in record.of(*_WORDED) for part in field.subfields)
    return int(any(_BROKEN.search(text) for text in texts))


def _capitals(record: MarcRecord) -> int:
    return int(_title(record).isupper())


def _fields(record: MarcRecord) -> int:
    return sum(1 for field in record.fields if field.tag[:1] in "1234567" and not is_local(field.tag))


def _subjects(record: MarcRecord) -> int:
    return sum(1 for field in record.fields if field.tag[:1] == "6" and not is_local(field.tag))


def _any(*tags: str) -> Callable[[MarcRecord], int]:
    return lambda record: int(any(record.of(*tags)))


def _number(record: MarcRecord) -> int:
    found = [isbn(text) for field in record.of("020") for text in field.all("a")]
    found += [issn(text) for field in record.of("022") for text in field.all("a")]
    return int(any(number and number.valid for number in found))


def _coded(record: MarcRecord) -> int:
    form = record.control("008")
    if len(form) != 40:
        return 0
    language, country, year = form[35:38], form[15:18].strip(), form[7:11]
    return (
        int(language.isalpha() and language != "und")
        + int(country not in ("", "xx", "|||"))
        + int(year.isdigit() and year != "9999")
    )


def _names(record: MarcRecord) -> int:
    return sum(1 for field in record.of("100", "110", "111", "700", "710", "711") if field.get("d") or field.get("0"))


def _with(tags: tuple[str, ...], code: str, pattern: re.Pattern[str] | None = None) -> Callable[[MarcRecord], int]:
    def count(record: MarcRecord) -> int:
        texts = (text for field in record.of(*tags) for text in field.all(code))
        return int(any(pattern.search(text) if pattern else text.strip() for text in texts))

    return count


def _level(levels: str) -> Callable[[MarcRecord], int]:
    return lambda record: int(record.leader[17:18] in levels and len(record.leader) > 17)


FEATURES: Final = (
    Feature("marks", 6, 1, "letters with marks in 245", "tone marks that are missing cannot be put back", _marks),
    Feature("broken", -8, 1, "letters that could not be decoded in title or names", "a reader stumbles", _broken),
    Feature("capitals", -2, 1, "the title is all capitals", "names and tones are harder to read", _capitals),
    Feature("fields", 1, 30, "each field of 1XX-7XX that is not local", "what readers see", _fields),
    Feature("subjects", 2, 4, "each subject field", "readers search by them", _subjects),
    Feature(
        "class",
        3,
        1,
        "050, 060, 080, 082 or 084",
        "shelves and facets go by it",
        _any("050", "060", "080", "082", "084"),
    ),
    Feature("number", 2, 1, "a valid ISBN or ISSN", "it ties the record to the book", _number),
    Feature("coded", 1, 3, "language, country and year coded in 008", "facets go by them", _coded),
    Feature("full", 3, 1, "leader/17 blank or 1: full level", "its library says that it is complete", _level(" 1")),
    Feature(
        "brief",
        -3,
        1,
        "leader/17 5, 7 or 8: partial, minimal, before publication",
        "its library says that it is not",
        _level("578"),
    ),
    Feature("contents", 2, 1, "505 or 520", "readers decide by it", _any("505", "520")),
    Feature("extent", 1, 1, "a number in 300 $a", "it tells editions apart", _with(("300",), "a", _DIGIT)),
    Feature("publisher", 1, 1, "260 or 264 $b", "it tells editions apart", _with(("260", "264"), "b")),
    Feature("names", 1, 3, "each name with dates ($d) or an authority number ($0)", "it tells persons apart", _names),
)
