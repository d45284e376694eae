"""The description in a MARC 21 record: edition, publication, extent, series, notes, links.

In: one field (250-300, 4XX, 5XX, 773, 8XX) and the draft of the record. Out: texts without ISBD punctuation in the
draft, years as numbers. Notes keep their punctuation: they are sentences. MARC 21 Format for Bibliographic Data,
25X-86X.
"""

import re
from collections.abc import Callable
from typing import Final

from schemas.bib import Host, Link, Publication, Series, replace
from schemas.crosswalks.isbd import joined, trimmed
from schemas.crosswalks.marc21_codes import country
from schemas.crosswalks.marc21_draft import NO_HOST, Draft, by_code
from schemas.marc.record import Field, Subfield

_NOT_STATED: Final = re.compile(
    r"[\[(\s]*(?:s\.\s?l|s\.\s?n|sine loco|sine nomine|k\.\s?đ|k\.\s?nxb|kxđ|"
    r"(?:place of publication|publisher|place|date of publication) not identified)[\s.\])?:,]*$",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[4-9][0-9]{2}|20[0-9]{2}|2100)(?![0-9]|s\b)")
_UNSURE_YEARS: Final = re.compile(r"(?<![0-9])[12][0-9](?:[0-9][-?._]|[-?]{2}|[0-9]0s\b)")
_URL: Final = re.compile(r"(?:https?|ftp)://[^\s/?#<>\"]+[^\s<>\"]*\Z", re.IGNORECASE)
_DATE_AT_END: Final = re.compile(r",\s*(\[?[cp©]?(?:1[4-9]|20)[0-9]{2}\??\]?)\Z")
#: How good a field of publication is, by tag and second indicator: 264 _1, then 260, then manufacture and the like.
_RANKS: Final = {"2641": 4, "260": 3}
_LEAST: Final = 2
_HOST_NUMBERS: Final = (("x", "ISSN"), ("z", "ISBN"))


def edition(draft: Draft, field: Field) -> None:
    """Read 250; the first counts."""
    if not draft.edition:
        draft.edition = trimmed(" ".join(field.all("ab")))


def publication(draft: Draft, field: Field) -> None:
    """Read 260 or 264; the year is settled later, when 008 is known. 264 _4 (copyright) gives only a missing date."""
    values = by_code(field.subfields)
    date = trimmed(" ".join(values.get("c", ())))
    if field.tag == "264" and field.indicators[1:] == "4":
        if not draft.publication.date:
            draft.publication = replace(draft.publication, date=date)
        return
    rank = _RANKS.get(field.tag if field.tag == "260" else "264" + field.indicators[1:], _LEAST)
    if rank > draft.rank:
        found = Publication(_stated(values.get("a", [])), _stated(values.get("b", [])), date)
        found = found if date else _divided(found)
        draft.publication = found if found.date else replace(found, date=draft.publication.date)
        draft.rank = rank


def _divided(stated: Publication) -> Publication:
    # Catalogues made from lists write "place : publisher, date" into one subfield.
    last = stated.publisher or stated.place
    match = _DATE_AT_END.search(last)
    if match is None:
        return stated
    last = trimmed(last[: match.start()])
    if stated.publisher:
        return Publication(stated.place, last, match.group(1))
    place, _, publisher = last.partition(" : ")
    return Publication(trimmed(place), trimmed(publisher), match.group(1))


def year_of(date: str, form008: str) -> int:
    """Settle the year: 008/07-10 when it agrees with the date as stated, else the first year in that, else 008/07-10.

    A decade or an unsure date ("[199-?]") is no year, nor is a questionable one of 008 (type `q`) that names two.
    """
    years = [int(year) for year in _YEAR.findall(date)]
    coded = form008[7:11]
    plausible = int(coded) if _YEAR.fullmatch(coded) else 0
    if years:
        return plausible if plausible in years else years[0]
    questionable = form008[6:7] == "q" and form008[11:15].strip(" |") not in ("", coded)
    return 0 if questionable or form008[6:7] in "nb" or _UNSURE_YEARS.search(date) else plausible


def dated(draft: Draft) -> Publication:
    """Give the publication with year and country, once 008 is known."""
    stated = draft.publication
    return Publication(
        stated.place, stated.publisher, stated.date, year_of(stated.date, draft.form008), country(draft.form008)
    )


def extent(draft: Draft, field: Field) -> None:
    """Read 300; the first counts: extent with other physical details, and dimensions."""
    if draft.extent or draft.dimensions:
        return
    values = by_code([Subfield(code, value.rstrip(" +")) for code, value in field.subfields])
    pages, details = joined(values.get("a", []) + values.get("f", [])), joined(values.get("b", []))
    draft.extent = f"{pages} : {details}" if pages and details else pages or details
    draft.dimensions = joined(values.get("c", []))
    if "e" in values:
        draft.extent = f"{draft.extent} + {joined(values['e'], ' + ')}".strip(" +")


def series(draft: Draft, field: Field) -> None:
    """Read 440, 490 or 830; a 490 with nothing but $v tells the volume of the title itself."""
    numbered = "np" if field.tag != "490" else ""
    title = joined(field.all("a" + numbered), ". ")
    volume, issn = joined(field.all("v")), trimmed(field.get("x"))
    if title and not volume:
        title, _, volume = (part.strip() for part in title.partition(" ; "))
    if title:
        draft.series.append(Series(title, volume, issn))
    elif volume:
        draft.volume = draft.volume or volume


def series_by_agent(draft: Draft, field: Field) -> None:
    """Read 800, 810 or 811: a series entered under its author."""
    title = joined(field.all("tnp"), ". ")
    if title:
        draft.series.append(Series(title, joined(field.all("v")), trimmed(field.get("x"))))


def thesis(draft: Draft, field: Field) -> None:
    """Read 502: what degree it was written for, where and when; it makes the book a thesis."""
    draft.thesis = True
    _keep(draft.notes, field, "abcdg")


def summary(draft: Draft, field: Field) -> None:
    """Read 520."""
    _keep(draft.summary, field, "ab")


def contents(draft: Draft, field: Field) -> None:
    """Read 505."""
    _keep(draft.contents, field, "agrtu")


def notes(codes: str, opening: str = "") -> Callable[[Draft, Field], None]:
    """Give the handler that keeps these subfields as a note, opened by `opening`."""

    def read(draft: Draft, field: Field) -> None:
        _keep(draft.notes, field, codes, opening)

    return read


def host(draft: Draft, field: Field) -> None:
    """Read 773: a note, and of the first one what it is a part of, where in it, and the numbers of that."""
    _keep(draft.notes, field, "atdg", "In: ")
    if draft.host is NO_HOST:
        said = by_code(field.subfields)
        title = trimmed((said.get("t") or said.get("a") or [""])[0])
        numbers = [value.strip() for value in said.get("w", ())]
        numbers += [f"({kind}) {trimmed(value)}" for code, kind in _HOST_NUMBERS for value in said.get(code, ())]
        draft.host = Host(title, _part(said.get("g", []), said.get("d", [])), tuple(filter(None, numbers)))


def _part(where: list[str], published: list[str]) -> str:
    """Give where in its host it is, with the year of the host where only that of publication is told."""
    part = joined(where)
    year = None if _YEAR.search(part) else _YEAR.search(" ".join(published))
    return f"{part} ({year[0]})".strip() if year else part


def links(draft: Draft, field: Field) -> None:
    """Read 856: web addresses are links, whatever else stands in $u is a note."""
    text = trimmed(field.get("y") or field.get("3") or field.get("z"))
    for value in field.all("u"):
        url = value.strip()
        if _URL.match(url):
            draft.links.append(Link(url, text))
        elif url:
            draft.notes.append(f"{text}: {url}" if text else url)


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http, https or ftp address and nothing else."""
    return _URL.match(text) is not None


def _stated(values: list[str]) -> str:
    if len(values) == 1:
        text = trimmed(values[0])
        return "" if _NOT_STATED.match(text) else text
    return joined([value for value in values if not _NOT_STATED.match(trimmed(value))])


def _keep(into: list[str], field: Field, codes: str, opening: str = "") -> None:
    text = " ".join(field.all(codes)).strip()
    if text:
        into.append(opening + text)
