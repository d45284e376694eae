"""Several targets at once: each has its own time and its own failure, and none holds the others up."""

import threading
import time
from pathlib import Path

import pytest

from federation import vault
from federation.errors import NotFound, UsageError
from federation.pipeline.workplace import Workplace
from federation.store import targets
from federation.targets import sru as sru_asking
from federation.targets.asked import FORMS, MOST_TARGETS, Asked
from federation.targets.asking import Answer, in_order, search
from federation.targets.formats import FORMATS
from federation.z3950.users import hashed
from schemas.query.tree import Everything
from tests.support.hostile_oai import Asked as Request
from tests.support.hostile_oai import Reply
from tests.support.hostile_sru import Book, HostileSru, books, diagnostic
from tests.support.house import add_member
from tests.support.peers import free_port
from tests.support.sru_run import add_sru
from tests.support.targets import add_target, answers, asked, silent, titles, web
from tests.support.z3950_door import opened

EVERYTHING = Everything()


def everything(*codes: str, **more: float) -> Asked:
    return Asked(EVERYTHING, codes, **{"seconds": 10.0, "within": 30.0, **more})  # type: ignore[arg-type]


def test_one_that_hangs_one_that_is_not_there_and_one_with_a_wrong_password_hold_nobody_up(
    union: Workplace, tmp_path: Path, sru: HostileSru
) -> None:
    users = tmp_path / "users"
    users.write_text(f"thuvien:{hashed('mật')}\n")
    with silent() as port, opened(union, z3950_users=str(users)) as door, web(union) as ours:
        add_target(union, "hangs", "sru", f"http://127.0.0.1:{port}/sru")
        add_target(union, "hangs-too", "z3950", f"z3950://127.0.0.1:{port}/Default")
        add_target(union, "gone", "z3950", f"z3950://127.0.0.1:{free_port()}/Default")
        add_target(union, "gone-too", "sru", f"http://127.0.0.1:{free_port()}/sru")
        add_target(union, "wrong", "z3950", f"z3950://127.0.0.1:{door.port}/union", user="thuvien", password="sai")
        add_target(union, "right", "z3950", f"z3950://127.0.0.1:{door.port}/union", user="thuvien", password="mật")
        add_target(union, "ours", "sru", ours)
        add_target(union, "books", "sru", sru.url)
        codes = ("hangs", "hangs-too", "gone", "gone-too", "wrong", "right", "ours", "books")
        began, came = time.monotonic(), []
        for answer in search(union.database, union.settings, everything(*codes, seconds=5.0)):
            came.append((answer, time.monotonic() - began))
    by_code = {answer.target.code: answer for answer, _ in came}
    assert {code: answer.status for code, answer in by_code.items()} == {
        **dict.fromkeys(("hangs", "hangs-too"), "late"),
        **dict.fromkeys(("gone", "gone-too", "wrong"), "failed"),
        **dict.fromkeys(("right", "ours", "books"), "answered"),
    }
    assert by_code["wrong"].code == "z3950-1011"
    assert by_code["gone"].code == by_code["gone-too"].code == "no-connection"
    assert {by_code[code].total for code in ("right", "ours")} == {10}
    # Those that hang come last, and all together when the time is over.
    assert {answer.target.code for answer, _ in came[-2:]} == {"hangs", "hangs-too"}
    assert all(moment < 5.0 for _, moment in came[:-2])
    assert all(4.9 < moment < 8.0 for _, moment in came[-2:])


def test_a_password_in_the_web_that_is_wrong_is_told_as_that(place: Workplace, sru: HostileSru) -> None:
    sru.spoil = lambda request, reply: (
        reply if request.headers.get("Authorization") == "Basic dTpw" else Reply(b"", 401)
    )
    add_target(place, "right", "sru", sru.url, user="u", password="p")
    add_target(place, "wrong", "sru", sru.url, user="u", password="x")
    found = answers(place, everything("right", "wrong"))
    assert found["right"].total == 7
    assert (found["wrong"].status, found["wrong"].code) == ("failed", "http-401")
    with place.database.read() as session:
        assert "p" not in targets.one(session, "right").options["password"].split(".")


def test_a_password_whose_key_is_lost_fails_that_target_alone(place: Workplace, sru: HostileSru) -> None:
    add_target(place, "kin", "sru", sru.url, user="u", password="p")
    add_target(place, "mo", "sru", sru.url)
    (place.settings.home / vault.NAME).unlink()
    found = answers(place, everything("kin", "mo"))
    assert (found["kin"].status, found["kin"].code, found["mo"].status) == ("failed", "secret-unreadable", "answered")
    assert "add it again" in found["kin"].message


def test_one_that_drips_is_late_and_its_thread_ends(place: Workplace, sru: HostileSru) -> None:
    sru.spoil = lambda request, reply: Reply(reply.body, pause=0.5)
    add_target(place, "drips", "sru", sru.url)
    assert answers(place, everything("drips", seconds=0.5))["drips"].status == "late"
    mine = [thread for thread in threading.enumerate() if thread.name == "target drips"]
    for thread in mine:
        thread.join(6)
    assert not any(thread.is_alive() for thread in mine)


def test_the_time_of_all_together_ends_what_has_time_left_by_itself(place: Workplace, sru: HostileSru) -> None:
    with silent() as port:
        add_target(place, "hangs", "z3950", f"z3950://127.0.0.1:{port}/x")
        add_target(place, "books", "sru", sru.url)
        began = time.monotonic()
        found = answers(place, everything("hangs", "books", seconds=300.0, within=3.0))
    assert time.monotonic() - began < 6
    assert (found["hangs"].status, found["books"].status) == ("late", "answered")
    assert "3 s" in found["hangs"].message


def test_a_target_has_the_time_that_its_option_says(place: Workplace) -> None:
    with silent() as port:
        add_target(place, "hangs", "z3950", f"z3950://127.0.0.1:{port}/x", wait="0.4")
        (late,) = search(place.database, place.settings, Asked(EVERYTHING, ("hangs",)))
    assert (late.status, late.seconds) == ("late", 0.4)


def test_the_longest_time_that_can_be_given_is_one_that_can_be_kept(place: Workplace, sru: HostileSru) -> None:
    with opened(place) as door:
        add_target(place, "mang", "sru", sru.url)
        add_target(place, "cua", "z3950", f"z3950://127.0.0.1:{door.port}/union")
        found = answers(place, everything("mang", "cua", seconds=600.0, within=600.0))
    assert {answer.status for answer in found.values()} == {"answered"}


def test_thirty_targets_take_no_longer_than_the_slowest(place: Workplace, sru: HostileSru) -> None:
    def slowly(request: Request, reply: Reply) -> Reply:
        time.sleep(0.3)
        return reply

    sru.spoil = slowly
    codes = [add_target(place, f"t{number}", "sru", sru.url) for number in range(MOST_TARGETS)]
    began = time.monotonic()
    found = answers(place, everything(*codes, most=1))
    assert {answer.total for answer in found.values()} == {7}
    assert time.monotonic() - began < 0.3 * MOST_TARGETS


def test_a_target_that_is_not_registered_is_asked_by_nobody(place: Workplace, sru: HostileSru) -> None:
    add_target(place, "books", "sru", sru.url)
    with pytest.raises(NotFound, match="books"):
        search(place.database, place.settings, everything("books", "http://127.0.0.1/"))
    assert not sru.requests


@pytest.mark.parametrize(
    "question",
    [
        everything(),
        everything(*(f"t{number}" for number in range(MOST_TARGETS + 1))),
        everything("books", most=201),
        everything("books", most=0),
        everything("books", start=0),
    ],
)
def test_what_is_asked_has_limits(place: Workplace, question: Asked) -> None:
    with pytest.raises(UsageError):
        search(place.database, place.settings, question)


def test_a_target_named_twice_is_asked_once(place: Workplace, sru: HostileSru) -> None:
    add_target(place, "books", "sru", sru.url)
    assert len(list(search(place.database, place.settings, everything("books", "books")))) == 1
    assert len(sru.searches) == 3  # pages of three records


def test_a_source_that_speaks_sru_is_a_target_under_its_code_which_no_target_can_take(
    place: Workplace, sru: HostileSru
) -> None:
    add_sru(place, sru.url, "huyen")
    assert answers(place, everything("huyen"))["huyen"].total == 7
    with place.database.read() as session:
        assert [(row.code, row.member) for row in targets.every(session)] == [("huyen", "huyen")]
    with pytest.raises(UsageError, match="huyen: there is a source with this code already"):
        add_target(place, "huyen", "sru", sru.url)


def test_a_code_that_a_target_has_no_source_can_take(place: Workplace, sru: HostileSru, tmp_path: Path) -> None:
    from tests.support.house import add_files

    add_target(place, "huyen", "sru", sru.url)
    with pytest.raises(UsageError, match="huyen: there is a target with this code already"):
        add_sru(place, sru.url, "huyen")
    with pytest.raises(UsageError, match="huyen: there is a target with this code already"):
        add_files(place, add_member(place, "a"), "huyen", tmp_path)
    with place.database.read() as session:
        assert [(row.code, row.member) for row in targets.every(session)] == [("huyen", "")]


def test_where_an_older_house_has_a_target_and_a_source_of_one_code_the_target_is_asked(
    place: Workplace, sru: HostileSru, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_target(place, "huyen", "sru", sru.url)
    monkeypatch.setattr(targets, "check_free", lambda *_: None)
    add_sru(place, "http://127.0.0.1:1/", "huyen")
    assert answers(place, everything("huyen"))["huyen"].total == 7


def test_sources_that_answer_no_questions_are_no_targets(place: Workplace, tmp_path: Path) -> None:
    from tests.support.house import add_files

    add_files(place, add_member(place, "a"), "tep", tmp_path)
    with pytest.raises(NotFound):
        search(place.database, place.settings, everything("tep"))


def test_no_explain_record_is_asked_for_and_a_schema_that_is_refused_is_followed_by_the_next(
    place: Workplace, sru: HostileSru
) -> None:
    def only_dnb(request: Request, reply: Reply) -> Reply:
        known = request.arguments.get("recordSchema") == "marc21-xml"
        return reply if known else Reply(refusal(66), headers={"Content-Type": "text/xml"})

    sru.spoil = only_dnb
    add_target(place, "dnb", "sru", sru.url)
    found = answers(place, everything("dnb", most=3))["dnb"]
    assert (found.status, found.total, len(found.hits)) == ("answered", 7, 3)
    assert all("query" in request.arguments for request in sru.requests)


def refusal(number: int) -> bytes:
    from tests.support.hostile_sru import refused

    return refused(number)


def test_records_that_cannot_be_had_or_read_leave_their_places_and_nothing_else(
    place: Workplace, sru: HostileSru
) -> None:
    broken = [Book("2", payload=diagnostic(64, "", "not today")), Book("3", payload="<record>none</record>")]
    sru.listed = [*books(1), *broken, *books(1, first=4)]
    add_target(place, "books", "sru", sru.url)
    found = answers(place, everything("books"))["books"]
    assert [(hit.position, bool(hit.bib), bool(hit.fault)) for hit in found.hits] == [
        *((1, True, False), (2, False, True), (3, False, True), (4, True, False))
    ]
    assert "not today" in found.hits[1].fault


def test_what_came_before_a_page_that_did_not_is_given_and_told(place: Workplace, sru: HostileSru) -> None:
    sru.spoil = lambda request, reply: reply if request.arguments["startRecord"] == "1" else Reply(b"", 404)
    add_target(place, "books", "sru", sru.url)
    found = answers(place, everything("books"))["books"]
    assert (found.status, found.total, len(found.hits)) == ("answered", 7, 3)
    assert "from place 4 on" in found.message


def test_a_fault_of_ours_at_one_target_is_told_and_the_others_answer(
    place: Workplace, sru: HostileSru, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = sru_asking.ask

    def stumbling(spec, *rest):  # type: ignore[no-untyped-def]
        if spec.code == "a":
            raise ZeroDivisionError
        return ask(spec, *rest)

    monkeypatch.setattr(sru_asking, "ask", stumbling)
    for code in ("a", "b"):
        add_target(place, code, "sru", sru.url)
    found = answers(place, everything("a", "b"))
    assert (found["a"].status, found["a"].code, found["b"].status) == ("failed", "own-fault", "answered")


def test_what_bib_1_cannot_say_is_told_and_not_left_out(place: Workplace) -> None:
    with opened(place) as door:
        add_target(place, "cua", "z3950", f"z3950://127.0.0.1:{door.port}/union")
        found = answers(place, asked("kind:school", "cua"))["cua"]
    assert (found.status, found.code) == ("failed", "rpn-access-point")


def test_answers_can_be_put_into_the_order_in_which_targets_were_named(place: Workplace, sru: HostileSru) -> None:
    for code in ("a", "b", "c"):
        add_target(place, code, "sru", sru.url)
    came: list[Answer] = list(search(place.database, place.settings, everything("c", "a", "b")))
    assert [answer.target.code for answer in in_order(came, ("c", "a", "b"))] == ["c", "a", "b"]
    assert titles(came[0])[0] == "Sách số 0001"


def test_the_formats_that_can_be_asked_for_are_those_that_can_be_written() -> None:
    assert set(FORMATS) == set(FORMS)
