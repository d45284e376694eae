"""`lienthong sources probe` and `sources add` for Z39.50: what a target really gives, and what is proposed for it."""

from functools import partial
from typing import Any

import pytest

from harvesters.z3950.look import MOST
from schemas.z3950 import codec, oid
from schemas.z3950.external import External
from schemas.z3950.records import Holding, OpacRecord
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.session import InitRequest
from tests.federation.cli.conftest import Lienthong
from tests.support import probing
from tests.support.hostile_sru import Book, books
from tests.support.hostile_z3950 import HostileZ3950, marc, refused, unfound
from tests.support.probing import QUICK, proposed, taken_at_its_word

#: beside the requests, one farewell for each session
probed = partial(probing.probed, kind="z3950", most=MOST + 2)


def test_an_honest_target_is_described(lienthong: Lienthong, z3950: HostileZ3950) -> None:
    found = probed(lienthong, z3950)
    assert found["greeting"]["name"] == "Máy thử"
    assert {"search", "present", "scan", "sort"} <= set(found["greeting"]["services"])
    assert found["records"] == {"total": 7, "cap": None, "withheld": 0}
    assert found["page"]["records"] == 3
    assert found["asked"] == {"syntax": "MARC 21", "elements": "F"}
    assert [row["title"] for row in found["sample"]] == ["Sách số 0001", "Sách số 0002", "Sách số 0003"]
    assert proposed(found) == {
        "query": '@attr 1=_ALLRECORDS @attr 2=103 ""',
        "changed_index": "1=1012",
        "full_days": "30",
    }
    assert found["notes"] == []


def test_the_report_for_people_ends_with_a_command_that_registers_and_harvests(
    lienthong: Lienthong, z3950: HostileZ3950
) -> None:
    text = taken_at_its_word(lienthong, z3950, "z3950")
    for line in ("server       Máy thử; ", "records      7 in all; the last one can be had"):
        assert line in text


def test_a_cap_is_found_and_a_way_to_divide_is_proposed(lienthong: Lienthong, z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap, z3950.page_size = books(1200), 1000, 50
    found = probed(lienthong, z3950)
    assert found["records"]["cap"] == 1000
    assert {name: proposed(found)[name] for name in ("cap", "parts")} == {"cap": "1000", "parts": "keys:1=12"}


def test_an_index_that_does_not_hold_every_record_is_not_proposed(lienthong: Lienthong, z3950: HostileZ3950) -> None:
    z3950.listed, z3950.cap = [*books(40), Book("", "2001")], 17
    assert proposed(probed(lienthong, z3950))["parts"] == "years:1=31"


def test_an_index_that_a_target_does_not_mind_is_not_proposed(lienthong: Lienthong, z3950: HostileZ3950) -> None:
    honest = z3950.answer

    def minds_nothing(request: Any, answers: Any) -> Any:
        if isinstance(request, SearchRequest):
            z3950._found = list(z3950.listed)
            return [type(answers[0])(count=len(z3950.listed))]
        return honest(request)

    z3950.spoil, z3950.cap = minds_nothing, 5
    assert not {"parts", "changed_index"} & set(proposed(probed(lienthong, z3950)))


def test_a_target_with_holdings_is_best_asked_for_them(lienthong: Lienthong, z3950: HostileZ3950) -> None:
    def with_copies(request: Any, answers: Any) -> Any:
        asked = request.syntax if isinstance(request, PresentRequest) else ""
        z3950.write = lambda book: (
            codec.write_record(OpacRecord(External(oid.USMARC, marc(book)), (Holding(call_number="1"),)))
            if asked == oid.OPAC
            else External(oid.USMARC, marc(book))
        )
        return z3950.answer(request)

    z3950.spoil = with_copies
    assert proposed(probed(lienthong, z3950))["syntax"] == "opac"


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        (SearchRequest, [unfound(235, "Default")], "no record could be had: "),
        (PresentRequest, [refused(14)], "14 The records could not be presented"),
        (InitRequest, [b"HTTP/1.1 400\r\n\r\n"], "this is not Z39.50 as it should be"),
    ],
)
def test_what_gives_no_record_is_a_failure_that_says_why(
    lienthong: Lienthong, z3950: HostileZ3950, kind: type[Any], sent: Any, said: str
) -> None:
    z3950.spoil = lambda request, answers: sent if isinstance(request, kind) else answers
    ended = lienthong("sources", "probe", "moi", "--kind", "z3950", "--url", z3950.url, *QUICK)
    assert ended.code == 1
    assert said in ended.errors


def test_an_option_of_another_kind_is_wrong_usage(lienthong: Lienthong, z3950: HostileZ3950) -> None:
    lienthong("members", "add", "huyen", "--name", "x", "--kind", "public")
    add = ("sources", "add", "huyen", "--member", "huyen", "--kind", "z3950", "--url", z3950.url)
    assert lienthong(*add, "--option", "prefix_with_token=true").code == 2
    ended = lienthong(*add, "--option", "parts=years")
    assert (ended.code, "option parts" in ended.errors) == (2, True)
    assert lienthong(*add).code == 0
    swept = lienthong("harvest", "sweep", "huyen")
    assert swept.code == 2
    assert "`lienthong harvest run CODE --full` reads everything" in swept.errors
