"""Which fields of the other records a union record takes over, and which it has already.

In: the fields of the base record, and those of the others, the best first. Out: the fields to add, each with the member
it comes from. `TREATMENTS` is the whole of the rule and the table of the reference page; a tag that is in none of its
lines is taken from the base alone.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeVar

import msgspec

from federation.matching.senses import Statement, said, years
from schemas.marc.record import Field, Subfield
from schemas.vietnamese.fold import folded_key

How = Literal["unite", "fill"]
M = TypeVar("M")


class Treatment(msgspec.Struct, frozen=True):
    """One line of the table: what is done with these tags of the other records.

    `unite`: every field that says something new is added. `fill`: where the base has none of these tags, those of the
    best record that has one are added.
    """

    how: How
    tags: str
    what: str
    why: str


TREATMENTS: Final = (
    Treatment(
        "unite", "020 022 024 027 028 030 035 086 088", "numbers", "a search for any of them must find the record"
    ),
    Treatment("unite", "050 060 080 082 083 084", "classes", "libraries shelve by different schemes"),
    Treatment("unite", "246 247 730 740", "other titles", "readers know one of them"),
    Treatment(
        "unite",
        "500 501 505 506 508 511 515 518 520 521 522 525 530 534 536 538 545 546 547 550 555 580 585 586",
        "notes, contents, summaries",
        "one library has read what another has not",
    ),
    Treatment(
        "unite",
        "600 610 611 630 648 650 651 653 654 655 656 657 690 691",
        "subjects and genres",
        "libraries use different lists",
    ),
    Treatment("unite", "700 710 711", "added entries", "translators and illustrators are often left out"),
    Treatment("unite", "765 767 770 772 773 775 776 777 780 785 787", "related works", "they lead on"),
    Treatment("unite", "856", "links", "a digital copy of one library serves all"),
    Treatment("fill", "010", "LCCN", "a publication has one"),
    Treatment("fill", "041", "languages", "two lists of one publication would contradict each other"),
    Treatment("fill", "043", "area", "two lists would contradict each other"),
    Treatment("fill", "245", "title", "a record has one"),
    Treatment("fill", "250", "edition", "the records of a cluster agree on it"),
    Treatment("fill", "260 264", "publication", "the records of a cluster agree on it"),
    Treatment("fill", "300", "extent", "the records of a cluster agree on it"),
    Treatment("fill", "310", "frequency", "a serial has one today"),
    Treatment("fill", "336", "kind of content", "one list of terms is enough"),
    Treatment("fill", "337", "kind of media", "one list of terms is enough"),
    Treatment("fill", "338", "kind of carrier", "one list of terms is enough"),
    Treatment("fill", "362", "dates of issues", "a serial has one statement"),
    Treatment("fill", "440 490 800 810 811 830", "series", "they belong to each other, and say one thing in pairs"),
    Treatment("fill", "502", "thesis", "one statement is enough"),
    Treatment("fill", "504", "bibliography", "one statement is enough"),
)
_UNITED: Final = frozenset(tag for each in TREATMENTS if each.how == "unite" for tag in each.tags.split())
_FILLED: Final = tuple(frozenset(each.tags.split()) for each in TREATMENTS if each.how == "fill")
#: the union record has one main entry and one title, the base's: those of the others are added entries, other titles
_OTHER_PLACE: Final = {"100": "700", "110": "710", "111": "711", "130": "730", "245": "246"}
#: links between fields of one record ($6 $8) and local data ($9) mean nothing in another
_UNLINKED: Final = frozenset("689")


class _Said:
    """What the union record says by now."""

    def __init__(self) -> None:
        self._found: dict[Statement, list[frozenset[str]]] = {}
        self._notes: list[str] = []
        self._titles: list[str] = []

    def take(self, field: Field) -> None:
        """Note what a field says."""
        for statement in said(field):
            self._found.setdefault(statement, []).append(years(field))
            kind, text = statement
            if kind == "number":  # who knows it as a right number knows it as a wrong one too
                self._found.setdefault(("wrong number", text), []).append(frozenset())
            elif kind == "note":
                self._notes.append(f" {text} ")
            elif kind == "title":
                self._titles.append(text)

    def has(self, statement: Statement, life: frozenset[str] = frozenset()) -> bool:
        """Tell whether this is said; two persons of one name are two when their years differ."""
        kind, text = statement
        if kind == "note":
            return any(f" {text} " in note for note in self._notes)
        if kind == "title":
            return self._begins(text)
        return any(not life or not known or life & known for known in self._found.get(statement, ()))

    def has_all(self, field: Field) -> bool:
        """Tell whether nothing in this field is new."""
        statements, life = said(field), years(field)
        if statements and statements[0][0].startswith("name"):  # forms of one name
            return any(self.has(each, life) for each in statements)
        return all(self.has(each) for each in statements)

    def _begins(self, title: str) -> bool:
        """Tell whether a title of ours begins with these words, or is written with the tones that these lack."""
        bare = folded_key(title)
        plain = bare == title
        return any(f"{ours} ".startswith(f"{title} ") or (plain and folded_key(ours) == bare) for ours in self._titles)


def additions(base: Sequence[Field], others: Sequence[tuple[M, Sequence[Field]]]) -> Iterator[tuple[M, Field]]:
    """Yield what the others add to the fields of the base, the best first, without what is said already."""
    ours = _Said()
    for field in base:
        ours.take(field)
    yield from _filled(base, others, ours)
    for member, fields in others:
        for field in fields:
            if added := _added(field, ours):
                ours.take(added)
                yield member, added


def _filled(
    base: Sequence[Field], others: Sequence[tuple[M, Sequence[Field]]], ours: _Said
) -> Iterator[tuple[M, Field]]:
    there = {field.tag for field in base}
    for tags in _FILLED:
        if not there.isdisjoint(tags):
            continue
        for member, fields in others:
            if found := [field for field in fields if field.tag in tags]:
                for field in found:
                    ours.take(field)
                    yield member, _unlinked(field)
                break


def _added(field: Field, ours: _Said) -> Field | None:
    """Give the field that this one adds to ours; None where it says nothing new, or nothing for others."""
    tag = _OTHER_PLACE.get(field.tag, field.tag)
    # A note with $5 is about the copy of the library that $5 names.
    if tag not in _UNITED or (tag[0] == "5" and field.get("5")) or ours.has_all(field):
        return None
    if field.tag == "245":
        kept = tuple(part for part in field.subfields if part.code in "abnp")
        return Field("246", "", "3 ", kept)
    if field.tag == "653":
        kept = tuple(part for part in field.subfields if part.code == "a" and not ours.has_all(_alone(field, part)))
        return field._replace(subfields=kept)
    return _unlinked(field)._replace(
        tag=tag, indicators=field.indicators if tag == field.tag else f"{field.indicators[:1]} "
    )


def _alone(field: Field, part: Subfield) -> Field:
    return field._replace(subfields=(part,))


def _unlinked(field: Field) -> Field:
    return field._replace(subfields=tuple(part for part in field.subfields if part.code not in _UNLINKED))
