"""Catalogues of others as targets: Zebra by both protocols, YAZ's test server, and our own doors."""

from pathlib import Path

import pytest

from federation.pipeline.workplace import Workplace
from federation.targets.formats import written
from schemas.marc.identity import control_number
from schemas.marc.read import decode
from tests.federation.targets.conftest import OURS, THEIRS
from tests.support.house import add_files, add_member, bring, house
from tests.support.records import isbn, record
from tests.support.targets import add_target, answers, asked, titles, web
from tests.support.z3950 import yaz_server
from tests.support.z3950_door import opened
from tests.support.zebra_catalogue import zebra_catalogue


def title(number: int) -> str:
    return next(field.subfields[0][1] for field in record(number).fields if field.tag == "245")


def zebra_target(place: Workplace, port: int, code: str = "zebra", **options: str) -> str:
    return add_target(place, code, "z3950", f"z3950://127.0.0.1:{port}/Default", **options)


def test_zebra_is_asked_by_z3950_for_a_number(union: Workplace, zebra_port: int) -> None:
    zebra_target(union, zebra_port)
    found = answers(union, asked(isbn(7), "zebra"))["zebra"]
    assert (found.status, found.total) == ("answered", 1)
    assert titles(found) == [title(7)]


@pytest.mark.parametrize(
    "options",
    [{}, {"words": "list"}, {"words": "each"}, {"attributes": "use"}, {"attributes": "all"}, {"syntax": "xml"}],
    ids=str,
)
def test_zebra_finds_the_words_of_a_title_however_it_is_asked(
    union: Workplace, zebra_port: int, options: dict[str, str]
) -> None:
    zebra_target(union, zebra_port, **options)
    found = answers(union, asked(" ".join(f"title:{word}" for word in title(25).split()), "zebra"))["zebra"]
    assert titles(found) == [title(25)], found.message


def test_a_record_that_the_union_has_is_marked_and_another_is_not(union: Workplace, zebra_port: int) -> None:
    zebra_target(union, zebra_port)
    for number in (3, OURS + 5):
        hit = answers(union, asked(isbn(number), "zebra"))["zebra"].hits[0]
        assert (hit.held is not None) == (number <= OURS)
        assert hit.held is None or hit.held.members == ("tvt",)


def test_a_place_further_on_is_given_with_its_number(union: Workplace, zebra_port: int) -> None:
    zebra_target(union, zebra_port)
    first = answers(union, asked("subject:văn", "zebra", most=40))["zebra"]
    assert (first.total, len(first.hits)) == (THEIRS, THEIRS)
    some = answers(union, asked("subject:văn", "zebra", start=31, most=20))["zebra"]
    assert [hit.position for hit in some.hits] == list(range(31, 41))
    assert titles(some) == titles(first)[30:]
    none = answers(union, asked("subject:văn", "zebra", start=41))["zebra"]
    assert (none.status, none.total, none.hits) == ("answered", THEIRS, ())


def test_a_record_that_was_taken_is_what_the_target_has(union: Workplace, zebra_port: int) -> None:
    zebra_target(union, zebra_port)
    hit = answers(union, asked(isbn(7), "zebra"))["zebra"].hits[0]
    taken, whole = decode(written(hit, "marc")).record, record(7)
    # Copies and local fields concern only the library that has them.
    assert [field for field in taken.fields if field.tag in ("001", "020", "100", "245", "650")] == [
        field for field in whole.fields if field.tag in ("001", "020", "100", "245", "650")
    ]
    assert not [field for field in taken.fields if field.tag == "852"]


def test_zebra_is_asked_by_sru_and_in_other_words_where_it_does_not_know_a_relation(
    union: Workplace, zebra_port: int
) -> None:
    url = f"http://127.0.0.1:{zebra_port}/Default"
    add_target(union, "zebra", "sru", url)
    assert titles(answers(union, asked(isbn(12), "zebra"))["zebra"]) == [title(12)]
    # Its CQL has no `all`: each word is asked by itself.
    found = answers(union, asked(f"title:{title(12).split()[0]} title:{title(12).split()[-1]}", "zebra"))["zebra"]
    assert titles(found) == [title(12)], found.message
    assert answers(union, asked("year:1990-1994", "zebra"))["zebra"].total == 5
    refused = answers(union, asked("publisher:x", "zebra"))["zebra"]
    assert (refused.status, refused.code) == ("failed", "sru-16")
    add_target(union, "named", "sru", url, indexes="publisher=dc.title")
    assert answers(union, asked(f"publisher:{title(12).split()[-1]}", "named"))["named"].total == 1
    add_target(union, "strict", "sru", url, words="list")
    assert answers(union, asked("title:x", "strict"))["strict"].code == "sru-19"


def test_yaz_ztest_answers_beside_the_others(union: Workplace, zebra_port: int) -> None:
    with yaz_server() as port:
        add_target(union, "ztest", "z3950", f"z3950://127.0.0.1:{port}/Default")
        zebra_target(union, zebra_port)
        found = answers(union, asked("computer", "ztest", "zebra", most=3))
    assert {code: answer.status for code, answer in found.items()} == {"ztest": "answered", "zebra": "answered"}
    assert len(found["ztest"].hits) == min(3, found["ztest"].total or 0)
    assert all(titles(found["ztest"]))


def test_our_own_doors_give_one_record_by_both_protocols(union: Workplace) -> None:
    with opened(union) as door, web(union) as sru:
        add_target(union, "cua", "z3950", f"z3950://127.0.0.1:{door.port}/union")
        add_target(union, "mang", "sru", sru)
        found = answers(union, asked(f'title:"{title(4)}"', "cua", "mang"))
    assert [answer.status for answer in found.values()] == ["answered", "answered"]
    assert titles(found["cua"]) == titles(found["mang"]) == [title(4)]
    held = [answer.hits[0].held for answer in found.values()]
    assert held[0] == held[1] is not None
    assert found["cua"].hits[0].marcxml == found["mang"].hits[0].marcxml


def test_our_door_is_asked_without_tone_marks_where_that_is_wanted(union: Workplace) -> None:
    with opened(union) as door:
        add_target(union, "cua", "z3950", f"z3950://127.0.0.1:{door.port}/union", letters="plain", words="each")
        assert titles(answers(union, asked(title(4), "cua"))["cua"]) == [title(4)]


def test_of_real_books_exactly_those_that_the_union_has_are_marked(
    tmp_path: Path, shared_data: Path, database_url: str
) -> None:
    """The Vietnamese books of the Library of Congress: every second one is in the union, all are at Zebra."""
    whole = (shared_data / "marc" / "lc-vietnamese.mrc").read_bytes()
    pieces = [piece + b"\x1d" for piece in whole.split(b"\x1d") if piece.strip()]
    (tmp_path / "ours.mrc").write_bytes(b"".join(pieces[::2]))
    (tmp_path / "theirs.mrc").write_bytes(whole)
    with (
        house(tmp_path / "home", database_url) as made,
        zebra_catalogue(tmp_path / "zebra", [tmp_path / "theirs.mrc"]) as port,
    ):
        bring(made, add_files(made, add_member(made, "lc"), "tep", tmp_path / "ours.mrc"))
        zebra_target(made, port)
        found = answers(made, asked("year:1000-2100", "zebra", most=200, seconds=60.0, within=60.0))["zebra"]
    assert (found.total, len(found.hits)) == (len(pieces), len(pieces)), found.message
    numbers = {control_number(piece, "iso2709")[0] for piece in pieces[::2]}
    held = {hit.bib.control_number: hit.held is not None for hit in found.hits if hit.bib}
    assert len(held) == len(pieces)
    assert [number for number, state in held.items() if state != (number in numbers)] == []
