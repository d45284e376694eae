"""The same questions at every door find the same records in the same order, and every door gives the same record.

Questions are written by hand in each language (`tests/tables/parity-queries.tsv`), so that the readers of these
languages are tested; and made of records as one tree that is printed in each of them. The doors are the search page,
SRU, Z39.50 (yaz-client, and our own client), `lienthong search`, and OAI-PMH sets made of the queries.
"""

import gzip
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from federation.catalogue.formats import FORMATS
from schemas.errors import EncodeError
from schemas.marc.split import split
from schemas.query import cql_write, rpn_write
from schemas.query.cql import Sorted
from schemas.query.tree import Term
from schemas.z3950 import oid
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from tests.support.house import catalogue
from tests.support.parity import PAGE_SORTS, SHOWN, Doors, Seen, local, open_house, shelves, table
from tests.support.questions import Question, questions

BOOKS, ASKED = table("parity-books.tsv"), table("parity-queries.tsv")
ORDERS = {
    "": None,
    **{f"{name}{down}": Sorted(name, down == "-") for name in ("title", "creator", "year") for down in ("", "-")},
}
MADE, REAL = 100, 60
#: of each file of real records
EACH = 150
FILES = {
    "kho1": "marc/lc-vietnamese.mrc",
    "kho2": "marc/bk-vietnam/*.mrc.gz",
    "kho3": "marc/evergreen/FSL.marc.gz",
    "kho4": "marc/evergreen/serials_*.gz",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A house with the made-up books, three libraries."""
    with open_house(tmp_path_factory.mktemp("made"), shelves(BOOKS)) as doors:
        yield doors


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Doors]:
    """A house with some hundred real records."""
    with open_house(
        tmp_path_factory.mktemp("real"), {code: _some(shared_data, at) for code, at in FILES.items()}
    ) as doors:
        yield doors


def _some(folder: Path, pattern: str) -> bytes:
    path = min(folder.glob(pattern))
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        return b"".join(piece.content for piece in islice(split(stream), EACH))


# --- written by hand --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_yaz(made: Doors) -> dict[str, Seen]:
    """What yaz-client found, by what the question is about."""
    rows = [row for row in ASKED if row["pqf"] != "-"]
    found = made.yaz([(row["pqf"], ORDERS[row["sort"]]) for row in rows])
    return {row["about"]: seen for row, seen in zip(rows, found, strict=True)}


@pytest.fixture(scope="module")
def names(made: Doors) -> dict[int, str]:
    """Which book each union record is."""
    return local(made, BOOKS)


@pytest.mark.parametrize("row", ASKED, ids=lambda row: row["about"])
def test_a_question_means_the_same_in_every_language(
    made: Doors, by_yaz: dict[str, Seen], names: dict[int, str], row: dict[str, str]
) -> None:
    sort, box = ORDERS[row["sort"]], row["box"].removeprefix("!")
    toned = box != row["box"]
    found = {"sru": made.sru(row["cql"], sort), "search --cql": made.typed(row["cql"], sort, cql=True)}
    if box != "-" and (sort is None or sort in PAGE_SORTS):
        found["page"] = made.page(box, sort, toned)
    if box != "-" and sort is None and not toned:
        found["search"] = made.typed(box)
    if row["about"] in by_yaz:
        found["yaz"] = by_yaz[row["about"]]
    assert len(set(found.values())) == 1, found
    expected = sorted(names.values()) if row["ids"] == "*" else row["ids"].split()
    books = [names[number] for number in found["sru"].ids]
    assert (books, found["sru"].total) == (expected, len(expected)) if sort else (sorted(books)) == expected


def test_a_set_has_the_members_that_its_query_finds(made: Doors) -> None:
    rows = [row for row in ASKED if not row["sort"]]
    members = made.sets("table", [row["cql"] for row in rows])
    wrong = {row["about"] for row, inside in zip(rows, members, strict=True) if inside != set(made.sru(row["cql"]).ids)}
    assert not wrong


def test_the_table_asks_in_all_ways_that_there_are() -> None:
    assert len(ASKED) + MADE >= 200
    assert len({row["about"] for row in ASKED}) == len(ASKED)
    said = Counter(name for row in ASKED for name in ("box", "pqf") if row[name] != "-")
    assert min(said.values()) > 80
    assert {row["sort"] for row in ASKED} == set(ORDERS)


# --- made of records --------------------------------------------------------------------------------------------------


def _made_of(doors: Doors, count: int) -> list[Question]:
    bibs = [record.bib for record in islice(catalogue(doors.place).every(), 400)]
    return list(questions(bibs, count, seed=20261127))


def _answers(doors: Doors, question: Question, pqf: Seen | None) -> dict[str, Seen]:
    query = cql_write.write(question.node)
    found = {"sru": doors.sru(query, question.sort), "search --cql": doors.typed(query, question.sort, cql=True)}
    if question.box is not None and (question.sort is None or question.sort in PAGE_SORTS):
        found["page"] = doors.page(question.box, question.sort)
    if question.box is not None and question.sort is None:
        found["search"] = doors.typed(question.box)
    if pqf:
        found["z39.50"], found["yaz"] = doors.rpn(rpn_write.write(question.node), question.sort), pqf
    return found


def _pqf(question: Question) -> str:
    try:
        return rpn_write.pqf(question.node)
    except EncodeError:
        return ""


def _disagreements(doors: Doors, asked: list[Question]) -> list[object]:
    pqf = [_pqf(question) for question in asked]
    spoken = iter(doors.yaz([(text, each.sort) for text, each in zip(pqf, asked, strict=True) if text]))
    wrong: list[object] = []
    empty = 0
    sets = doors.sets("made", [cql_write.write(question.node) for question in asked])
    for question, text, members in zip(asked, pqf, sets, strict=True):
        found = _answers(doors, question, next(spoken) if text else None)
        seen = found["sru"]
        empty += not seen.total
        in_set = members == set(seen.ids) if seen.total <= SHOWN else members >= set(seen.ids)
        if len(set(found.values())) > 1 or not in_set or len(members) != seen.total:
            wrong.append((question, found, members))
    assert empty < len(asked) / 4, "most questions find what they were made of"
    return wrong


@pytest.mark.parametrize(("house", "count"), [("made", MADE), ("real", REAL)])
def test_what_is_asked_of_records_is_found_alike_at_every_door(
    house: str, count: int, request: pytest.FixtureRequest
) -> None:
    doors: Doors = request.getfixturevalue(house)
    asked = _made_of(doors, count)
    assert sum(question.box is not None for question in asked) > count / 2
    assert _disagreements(doors, asked) == []


# --- the record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("house", ["made", "real"])
def test_every_door_gives_the_same_record_byte_for_byte(house: str, request: pytest.FixtureRequest) -> None:
    doors: Doors = request.getfixturevalue(house)
    for record in islice(catalogue(doors.place).every(), 0, None, 1 if house == "made" else 12):
        xml, iso2709 = (form.write(record) for form in FORMATS if form.name in ("marcxml", "marc"))
        assert xml.endswith(record.exported.partition(b">")[2])
        given = _given(doors, record.id)
        assert [door for door, content in given["marcxml"].items() if xml not in content] == []
        assert set(given["marc"].values()) == {iso2709}


def _given(doors: Doors, number: int) -> dict[str, dict[str, bytes]]:
    """Give what each door sent of a record, in MARCXML and in ISO 2709."""
    query = rpn_write.write(Term("id", str(number)))
    doors.z3950.ask(SearchRequest(query=query, databases=("union",)))
    sent = {}
    for syntax in (oid.XML, oid.USMARC):
        (response,) = doors.z3950.ask(PresentRequest(start=1, count=1, syntax=syntax))
        sent[syntax] = bytes(response.records[0].record.content)
    identifier = f"oai:{doors.place.settings.repository_id}:{number}"
    get = "/oai?verb=GetRecord&metadataPrefix=marc21&identifier="
    search = f"/sru?query=rec.identifier={number}&recordSchema=marcxml"
    shown = [doors.command("records", "show", number, "--format", form).content for form in ("marcxml", "marc")]
    return {
        "marcxml": {
            "page": doors.http.get(f"/record/{number}.marcxml").data,
            "oai-pmh": doors.http.get(get + identifier).data,
            "sru": doors.http.get(search).data,
            "z39.50": sent[oid.XML],
            "records show": shown[0],
        },
        "marc": {
            "page": doors.http.get(f"/record/{number}.mrc").data,
            "z39.50": sent[oid.USMARC],
            "records show": shown[1],
        },
    }
