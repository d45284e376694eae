"""From Dublin Core, as OAI-PMH repositories send it, to the record of the house.

In: the bytes of an `oai_dc:dc` element. Out: a `Bib` and the issues found. Dublin Core says little and every
repository says it differently, so values are recognised by what they look like: numbers, addresses, dates, languages,
types. Dublin Core Metadata Element Set 1.1; DSpace, EPrints and our own `bib_dc` are the usual senders.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from schemas.bib import Agent, AgentKind, Bib, Classification, Identifier, Link, Publication, Series, Subject, Title
from schemas.crosswalks import dc_xml, marc21_codes
from schemas.crosswalks.bib_marc21 import coded
from schemas.crosswalks.dc_types import material_and_level
from schemas.crosswalks.isbd import statement, trimmed
from schemas.crosswalks.marc21_description import is_web_address, year_of
from schemas.crosswalks.marc21_numbers import doi, isbn, issn
from schemas.crosswalks.marc21_subjects import divided
from schemas.issues import Issue, issue
from schemas.maps import language
from schemas.vietnamese import legacy

_DATES: Final = re.compile(
    r",?\s*[(\[]?((?:b\. |d\. |born )?[12][0-9]{3}\??(?:\s*[-–]\s*(?:[12][0-9]{3})?)?)[)\]]?\.?\Z"
)
_COMPACT_DATE: Final = re.compile(r"((?:1[4-9]|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\Z")
_SIZE: Final = re.compile(r"[0-9.,x×\s]+(?:cm|mm)\.?\Z", re.IGNORECASE)
_MEDIA_TYPE: Final = re.compile(r"(?:application|audio|image|text|video|model|multipart)/[\w.+-]+", re.IGNORECASE)
_FILE_SIZE: Final = re.compile(r"[0-9.,]+\s*(?:bytes|kb|mb|gb)\Z|pdf\Z", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?:urn:)?\s*(isbn|issn)\b[-:\s]*(.*)\Z", re.IGNORECASE)
_BARE_ISSN: Final = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]\Z")
_BARE_ISBN: Final = re.compile(r"(?:97[89])[0-9 -]{10,14}\Z|[0-9][0-9 -]{8,11}[0-9Xx]\Z")
#: elements that hold numbers, codes and addresses
_NO_WORDS: Final = frozenset(("identifier", "date", "format", "language", "type"))
_LONGEST_NUMBER: Final = 100
#: How the names of bodies begin in Vietnamese; and words that make a heading without comma a body in English.
_BODY_BEGINS: Final = re.compile(
    r"(?:trường|viện|bộ|sở|ủy ban|uỷ ban|ubnd|thư viện|công ty|tổng công ty|trung tâm|nhà xuất bản|nxb|hội|đảng|ban|cục"
    r"|tổng cục|liên đoàn|liên hiệp|tập đoàn|ngân hàng|bảo tàng|học viện|đại học|khoa|phòng|chi cục|tòa án|quốc hội)\s",
    re.IGNORECASE,
)
_BODY_WORDS: Final = re.compile(
    r"\b(?:universit\w+|institut\w*|librar\w+|compan\w+|corporation|museum|department|ministry|committee|commission|"
    r"association|society|cent(?:er|re)|bureau|council|foundation|organi[sz]ation|agency|laborator\w+|inc|ltd|press)\b",
    re.IGNORECASE,
)


def texts(content: bytes) -> list[str]:
    """Give the values of a record that hold words; raises what `bib` raises."""
    return [text for name, values in dc_xml.values(content)[0].items() if name not in _NO_WORDS for text in values]


def bib(content: bytes, said: str = "") -> tuple[Bib, list[Issue]]:
    """Give the `Bib` of one Dublin Core record and what was found wrong with it; `said` is the encoding that its source
    says it writes.

    Raises `DecodeError` (no XML we may read) and `CrosswalkError` (no Dublin Core in it).
    """
    found, as_is = dc_xml.values(content)
    issues = [] if as_is else [issue("text-not-nfc", "metadata")]
    found = _readable(found, said, issues)
    titles = [title for text in found.get("title", ()) for title in _titles(text)]
    if not titles:
        issues.append(issue("title-missing", "dc:title"))
    identifiers, links, spare = _identified(found.get("identifier", ()), issues)
    series, more_links = _related(found.get("relation", ()))
    subjects, classes = _subjects(found)
    summary, *notes = found.get("abstract", []) + found.get("description", []) or [""]
    material, level = material_and_level(found.get("type", ()), _is_file(found.get("format", ())))
    extent, dimensions = _extent(found.get("format", ()))
    made = Bib(
        title=titles[0] if titles else Title(""),
        material=material,
        carriers=marc21_codes.access(coded(material, level)[1]),
        level=level,
        languages=_languages(found.get("language", ())),
        other_titles=tuple(dict.fromkeys(titles[1:])),
        agents=tuple(_agents(found)),
        identifiers=identifiers,
        subjects=subjects,
        classes=classes,
        publication=_publication(found),
        extent=extent,
        dimensions=dimensions,
        series=series,
        summary=summary,
        contents=" ".join(found.get("tableofcontents", ())),
        notes=tuple(dict.fromkeys([*notes, *spare, *found.get("source", ()), *found.get("rights", ())])),
        links=tuple(dict.fromkeys([*links, *more_links])),
    )
    return made, issues


def _readable(found: dict[str, list[str]], said: str, issues: list[Issue]) -> dict[str, list[str]]:
    """Make text readable that is in an old Vietnamese encoding, or was decoded wrongly."""
    named = [(name, text) for name, values in found.items() if name not in _NO_WORDS for text in values]
    if not legacy.is_suspect("\n".join(text for _, text in named), said):
        return found
    mended = legacy.mend([text for _, text in named], said)
    for each in mended.findings:
        places = dict.fromkeys(f"dc:{named[place][0]}" for place in each.places)
        issues.append(issue(each.code, ",".join(places), each.found))
    made: dict[str, list[str]] = {name: values for name, values in found.items() if name in _NO_WORDS}
    for (name, _), text in zip(named, mended.texts, strict=True):
        made.setdefault(name, []).append(text)
    return made


def _titles(text: str) -> Iterator[Title]:
    main, remainder, responsibility, parallels = statement(text)
    if main:
        yield Title(main, remainder, responsibility=responsibility)
    for parallel in parallels:
        yield Title(parallel)


def _agents(found: dict[str, list[str]]) -> Iterator[Agent]:
    creators = found.get("creator", [])
    for text in dict.fromkeys([*creators, *found.get("contributor", ())]):
        for index, name in enumerate(text.split(";")):
            if trimmed(name):
                yield _agent(trimmed(name), bool(creators) and text == creators[0] and index == 0)


def _agent(text: str, main: bool) -> Agent:
    dates = _DATES.search(text)
    name = trimmed(text[: dates.start()]) if dates else text
    kind: AgentKind = "person"
    if _BODY_BEGINS.match(name) or ("," not in name and _BODY_WORDS.search(name)):
        kind = "corporate"
    if not name or not dates:
        return Agent(text, kind, main=main)
    return Agent(name, kind, "", dates.group(1).strip(), main)


def _identified(texts: Iterable[str], issues: list[Issue]) -> tuple[tuple[Identifier, ...], list[Link], list[str]]:
    """Tell numbers from addresses from what is neither (a citation, for example), which becomes a note."""
    numbers: list[Identifier] = []
    links: list[Link] = []
    spare: list[str] = []
    for text in texts:
        number = _number(text)
        if number:
            numbers.append(number)
            if not number.valid:
                issues.append(issue(f"{number.scheme}-invalid", "dc:identifier", text))
        elif is_web_address(text):
            links.append(Link(text))
        elif len(text) <= _LONGEST_NUMBER and " " not in text:
            numbers.append(Identifier("local", text))
        else:
            spare.append(text)
    return tuple(dict.fromkeys(numbers)), links, spare


def _number(text: str) -> Identifier | None:
    named = _NUMBER.match(text)
    if named:
        return isbn(named.group(2)) if named.group(1).lower() == "isbn" else issn(named.group(2))
    if text.startswith(("10.", "doi:", "DOI", "info:doi/")) or "doi.org/" in text:
        return Identifier("doi", number) if (number := doi(text)) else None
    bare = isbn(text) if _BARE_ISBN.match(text) else issn(text) if _BARE_ISSN.match(text) else None
    return bare if bare and bare.valid else None


def _related(texts: Iterable[str]) -> tuple[tuple[Series, ...], list[Link]]:
    series: list[Series] = []
    links: list[Link] = []
    for text in texts:
        if is_web_address(text):
            links.append(Link(text))
            continue
        title, _, volume = text.partition(";")
        if trimmed(title):
            series.append(Series(trimmed(title), trimmed(volume)))
    return tuple(dict.fromkeys(series)), links


def _subjects(found: dict[str, list[str]]) -> tuple[tuple[Subject, ...], tuple[Classification, ...]]:
    headings: list[Subject] = []
    classes: list[Classification] = []
    for text in found.get("subject", ()):
        scheme, colon, number = text.partition(":")
        if colon and scheme.lower() in ("ddc", "udc", "lcc"):
            classes.append(Classification(scheme.lower(), number.strip()))
            continue
        headings += [Subject(divided(one)) for part in text.split(";") if (one := trimmed(part))]
    named = {subject.heading.partition(" -- ")[0] for subject in headings}
    for text in found.get("coverage", ()):
        if (place := trimmed(text)) and place not in named and any(letter.isalpha() for letter in place):
            headings.append(Subject(divided(place), "place"))
    return tuple(dict.fromkeys(headings)), tuple(dict.fromkeys(classes))


def _publication(found: dict[str, list[str]]) -> Publication:
    place, publishers = "", []
    for text in found.get("publisher", ()):
        before, colon, after = text.partition(" : ")
        place = place or (trimmed(before) if colon else "")
        publishers.append(trimmed(after if colon else text))
    date = _date(found.get("date", []))
    return Publication(place, " ; ".join(filter(None, publishers)), date, year_of(date, ""))


def _date(texts: list[str]) -> str:
    """Choose the date of publication: repositories also send when they took the item in, to the second."""
    days = [text for text in texts if "T" not in text] or sorted(texts)
    date = next((text for text in days if year_of(_expanded(text), "")), days[0] if days else "")
    return _expanded(date).partition("T")[0] if year_of(date[:4], "") else _expanded(date)


def _expanded(text: str) -> str:
    match = _COMPACT_DATE.match(text)
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if match else text


def _languages(texts: Iterable[str]) -> tuple[str, ...]:
    words = [one.strip() for text in texts for one in re.split("[;,/]", text)]
    return tuple(dict.fromkeys(code for word in words if (code := language(word))))


def _is_file(texts: Iterable[str]) -> bool:
    return any(_MEDIA_TYPE.match(text) for text in texts)


def _extent(texts: Iterable[str]) -> tuple[str, str]:
    extent = dimensions = ""
    for text in texts:
        if _MEDIA_TYPE.match(text) or _FILE_SIZE.match(text):
            continue
        if _SIZE.match(text):
            dimensions = dimensions or trimmed(text)
        elif not extent:
            extent = trimmed(text)
    return extent, dimensions
