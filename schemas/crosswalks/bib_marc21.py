"""From the record of the house to a MARC 21 record, for libraries that send Dublin Core.

In: a `Bib`. Out: a `MarcRecord` that says what the `Bib` says, with ISBD punctuation, so that `marc21_bib.bib` reads
the same again. Holdings are not written: the union record writes them itself. What the `Bib` cannot know is coded as
"no attempt to code" (`|`). MARC 21 Format for Bibliographic Data.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from schemas.bib import Agent, Bib, Classification, Identifier, Publication, Subject, Title
from schemas.crosswalks.marc21_agents import is_relator_code
from schemas.maps import material_type
from schemas.marc.record import Field, MarcRecord, data_field

#: Values of leader/06 and of the form of item, the most usual first: tried until one means the wanted material.
_KINDS: Final = "atefcdijgkmopr"
_FORMS: Final = "|osqabcdfr"
#: 008/18-34 by kind of record; F is the form of item, N the nature of contents, blanks are positions without meaning.
_BOOKS: Final = "|||||FN||||||| ||"
_SERIALS: Final = "|| ||F||||||   ||"
_MUSIC: Final = "|||||F|||||||| | "
_MAPS: Final = "|||||| |  |F | ||"
_VISUAL: Final = "||| |     |F   ||"
_FILES: Final = "    |F  | |      "
_MIXED: Final = "     F           "
_POSITIONS: Final = {
    **dict.fromkeys("at", _BOOKS),
    **dict.fromkeys("cdij", _MUSIC),
    **dict.fromkeys("ef", _MAPS),
    **dict.fromkeys("gkor", _VISUAL),
    "m": _FILES,
    "p": _MIXED,
}
_NATURES: Final = {"thesis": "m", "standard": "u"}
_SERIAL_LEVELS: Final = frozenset("bis")
#: Pure functions know no day of today; 008/00-05 must hold one.
_ENTERED: Final = "000101"
_AGENT_TAGS: Final = {"person": "00", "corporate": "10", "meeting": "11"}
_SUBJECT_TAGS: Final = {
    "topic": "650",
    "place": "651",
    "person": "600",
    "corporate": "610",
    "title": "630",
    "genre": "655",
    "keyword": "653",
}
_SUBJECT_LISTS: Final = {"lcsh": "0", "lcshac": "1", "mesh": "2", "nal": "3", "": "4", "csh": "5", "rvm": "6"}
_NUMBER_TAGS: Final = {"isbn": "020", "issn": "022", "lccn": "010", "oclc": "035"}
_CLASS_TAGS: Final = {"lcc": ("050", " 4"), "nlm": ("060", " 4"), "udc": ("080", "  "), "ddc": ("082", "04")}


def marc21(bib: Bib) -> MarcRecord:
    """Write a `Bib` as a MARC 21 record (Unicode, ISBD punctuation)."""
    kind, _, _ = coded(bib.material, bib.level)
    fields = [
        Field("001", bib.control_number),
        Field("003", bib.control_agency),
        Field("008", _form008(bib)),
        *map(_number, bib.identifiers),
        *_languages(bib),
        *map(_class, bib.classes),
        *_agents(bib),
        *_titles(bib),
        *_description(bib),
        *map(_subject, bib.subjects),
    ]
    kept = sorted((field for field in fields if field.value or field.subfields), key=_place)
    return MarcRecord(f"00000n{kind}{bib.level} a22000007i 4500", tuple(kept))


def _place(field: Field) -> str:
    # Subjects and added entries keep their own order: the first is the weightiest.
    return field.tag[0] if field.tag[0] in "67" else field.tag


@cache
def coded(material: str, level: str) -> tuple[str, str, str]:
    """Give leader/06, form of item and nature of contents (008/24) that mean this material.

    The table of materials is asked backwards, so that it stays the only place where a material is defined.
    """
    if material in _NATURES:
        return "a", "|", _NATURES[material]
    for form in _FORMS:
        for kind in _KINDS:
            if material_type(kind, level, form) == material:
                return kind, form, "|"
    return "a", "|", "|"


def _form008(bib: Bib) -> str:
    kind, form, nature = coded(bib.material, bib.level)
    positions = _SERIALS if kind in "at" and bib.level in _SERIAL_LEVELS else _POSITIONS[kind]
    year = bib.publication.year
    date = f"s{year:04}    " if year else "nuuuuuuuu"
    country = (bib.publication.country or "xx").ljust(3)
    language = bib.languages[0] if bib.languages else "und"
    return f"{_ENTERED}{date}{country}{positions.replace('F', form).replace('N', nature)}{language}||"


def _number(identifier: Identifier) -> Field:
    value, code = identifier.value, "a" if identifier.valid else "z"
    if tag := _NUMBER_TAGS.get(identifier.scheme):
        value = f"(OCoLC){value}" if identifier.scheme == "oclc" else value
        return data_field(tag, "  ", (code, value), ("q", identifier.qualifier if tag == "020" else ""))
    if value.startswith("("):
        return data_field("035", "  ", (code, value))
    source = identifier.qualifier if identifier.scheme == "local" else identifier.scheme
    return data_field("024", "7 " if source else "8 ", (code, value), ("2", source))


def _languages(bib: Bib) -> Iterator[Field]:
    if len(bib.languages) > 1 or bib.original_languages:
        texts = [("a", code) for code in bib.languages]
        originals = [("h", code) for code in bib.original_languages]
        yield data_field("041", "1 " if originals else "0 ", *texts, *originals)


def _class(one: Classification) -> Field:
    tag, indicators = _CLASS_TAGS.get(one.scheme, ("084", "  "))
    source = one.scheme if tag == "084" and one.scheme != "other" else ""
    return data_field(tag, indicators, ("a", one.number), ("2", source))


def _agents(bib: Bib) -> Iterator[Field]:
    for agent in bib.agents:
        first = "2" if agent.kind != "person" else "1" if "," in agent.name else "0"
        tag = ("1" if agent.main else "7") + _AGENT_TAGS[agent.kind]
        yield data_field(tag, f"{first} ", *_agent_parts(agent))


def _agent_parts(agent: Agent) -> list[tuple[str, str]]:
    role_code = "j" if agent.kind == "meeting" else "e"
    parts = [("a", agent.name), ("d", agent.dates), ("4" if is_relator_code(agent.role) else role_code, agent.role)]
    stated = [(code, text) for code, text in parts if text]
    # A comma stands before dates and before a role in words.
    return [
        (code, f"{text}," if index + 1 < len(stated) and stated[index + 1][0] != "4" else text)
        for index, (code, text) in enumerate(stated)
    ]


def _titles(bib: Bib) -> Iterator[Field]:
    has_main = any(agent.main for agent in bib.agents)
    yield data_field("245", f"{int(has_main)}0", *_title_parts(bib.title))
    for title in bib.other_titles:
        yield data_field("246", "3 ", *_title_parts(title))


def _title_parts(title: Title) -> list[tuple[str, str]]:
    parts = [
        ("a", "", title.main),
        ("n", ".", title.number),
        ("p", "," if title.number else ".", title.part),
        ("b", " :", title.remainder),
        ("c", " /", title.responsibility),
    ]
    return _punctuated([part for part in parts if part[2]])


def _punctuated(parts: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Put before each element the mark that divides it from the one before: at the end of that one."""
    marks = [*(mark for _, mark, _ in parts[1:]), ""]
    return [
        (code, text if mark == "." and text.endswith(".") else text + mark)
        for (code, _, text), mark in zip(parts, marks, strict=False)
    ]


def _description(bib: Bib) -> Iterator[Field]:
    yield data_field("250", "  ", ("a", bib.edition.statement))
    yield data_field("264", " 1", *_publication_parts(bib.publication))
    extent = [part for part in (("a", "", bib.extent), ("c", " ;", bib.dimensions)) if part[2]]
    yield data_field("300", "  ", *_punctuated(extent))
    for series in bib.series:
        parts = (("a", "", series.title), ("x", ",", series.issn), ("v", " ;", series.volume))
        yield data_field("490", "0 ", *_punctuated([part for part in parts if part[2]]))
    for note in bib.notes:
        yield data_field("500", "  ", ("a", note))
    yield data_field("505", "0 ", ("a", bib.contents))
    yield data_field("520", "  ", ("a", bib.summary))
    for link in bib.links:
        yield data_field("856", "4 ", ("u", link.url), ("y", link.text))


def _publication_parts(stated: Publication) -> list[tuple[str, str]]:
    date = stated.date or (str(stated.year) if stated.year else "")
    parts = (("a", "", stated.place), ("b", " :", stated.publisher), ("c", ",", date))
    return _punctuated([part for part in parts if part[2]])


def _subject(subject: Subject) -> Field:
    if subject.kind == "keyword":
        return data_field("653", "  ", ("a", subject.heading))
    first, *rest = subject.heading.split(" -- ")
    tag, source = _SUBJECT_TAGS.get(subject.kind, "650"), _SUBJECT_LISTS.get(subject.scheme, "7")
    name = {"600": "1" if "," in first else "0", "610": "2", "630": "0"}.get(tag, " ")
    scheme = subject.scheme if source == "7" else ""
    return data_field(tag, name + source, ("a", first), *(("x", part) for part in rest), ("2", scheme))
