"""A target of Z39.50 that refuses how it is asked, or the form of its records: what is tried after that."""

from dataclasses import dataclass, field

import pytest

from federation.targets import z3950
from federation.targets.profile import habits
from harvesters.errors import HarvestError, SourceUnavailable
from harvesters.z3950.client import Found, Presented, Wanted
from harvesters.z3950.faults import Diagnosed
from schemas.query import box, rpn_write
from schemas.query.foreign import adapted, said
from schemas.z3950 import oid
from schemas.z3950.external import External
from schemas.z3950.retrieval import NamedRecord
from schemas.z3950.rpn import Operand, Operator, Rpn

MARC = NamedRecord(External(oid.USMARC, b"00026     2200025   4500\x1e\x1d"))


def diagnosed(number: int) -> Diagnosed:
    error = Diagnosed(f"z3950-{number}", "refused")
    error.number = number
    return error


@dataclass
class Fake:
    """A client whose target refuses what `refuses` says of a query in PQF, and gives `each` records at a time."""

    refuses: dict[str, int] = field(default_factory=dict)
    forms: tuple[Wanted, ...] = ()
    each: int = 2
    ends: HarvestError | None = None
    asked: list[str] = field(default_factory=list)
    presented: list[tuple[int, int, Wanted]] = field(default_factory=list)

    def term(self, text: str) -> bytes:
        return text.encode("utf-16-be")

    def search(self, query: Rpn) -> Found:
        self.asked.append(rpn_write.text(query))
        for part, number in self.refuses.items():
            if part in self.asked[-1]:
                raise diagnosed(number)
        return Found(5)

    def present(self, start: int, count: int, wanted: Wanted) -> Presented:
        self.presented.append((start, count, wanted))
        if self.forms and wanted not in self.forms:
            raise diagnosed(239 if wanted.syntax not in {each.syntax for each in self.forms} else 25)
        if self.ends and start > 2:
            raise self.ends
        return Presented((MARC,) * min(count, self.each), b"")


def queries(text: str) -> list[Rpn]:
    asked = [said(rpn_write.write(adapted(box.parse(text), each)), each).root for each in habits({}).manners]
    return list(dict.fromkeys(asked))


def test_words_are_asked_one_by_one_where_a_list_is_no_structure_of_the_target() -> None:
    fake = Fake({"@attr 4=6": 118})
    assert z3950._searched(fake, queries("đất nước")).hits == 5  # type: ignore[arg-type]
    assert len(fake.asked) == 2
    assert "@and" in fake.asked[-1]
    assert "@attr 4=1" in fake.asked[-1]


def test_nothing_but_the_use_is_said_where_no_structure_is_known() -> None:
    fake = Fake({"@attr 4=": 113})
    assert z3950._searched(fake, queries("title:kiều")).hits == 5  # type: ignore[arg-type]
    assert "@attr 4" not in fake.asked[-1]


def test_a_use_attribute_that_is_not_there_is_told_and_never_left_out() -> None:
    fake = Fake({"@attr 1=4": 114})
    with pytest.raises(Diagnosed):
        z3950._searched(fake, queries("title:kiều"))  # type: ignore[arg-type]
    assert len(fake.asked) == 1


def test_terms_go_out_in_the_letters_that_the_client_writes() -> None:
    query = z3950._in_letters(queries("đất -nước")[0], Fake())  # type: ignore[arg-type]
    assert isinstance(query, Operator)
    terms = [side.term for side in (query.left, query.right) if isinstance(side, Operand)]
    assert terms == ["đất".encode("utf-16-be"), "nước".encode("utf-16-be")]


@pytest.mark.parametrize(
    ("form", "tries"),
    [(Wanted(oid.USMARC, ""), 2), (Wanted(oid.XML, "F"), 3), (Wanted(oid.XML, ""), 4)],
)
def test_records_are_asked_for_in_the_next_form_where_one_is_refused(form: Wanted, tries: int) -> None:
    fake = Fake(forms=(form,))
    records, note = z3950._presented(fake, z3950._ways({}), 1, 2)  # type: ignore[arg-type]
    assert (len(records), note, len(fake.presented)) == (2, "", tries)


def test_a_syntax_that_the_operator_named_is_asked_for_alone() -> None:
    assert z3950._ways({"syntax": "opac", "elements": ""}) == [Wanted(oid.OPAC, "")]


def test_records_come_in_as_many_answers_as_the_target_likes() -> None:
    fake = Fake()
    records, note = z3950._presented(fake, z3950._ways({}), 3, 5)  # type: ignore[arg-type]
    assert (len(records), note) == (5, "")
    assert [place for place, _, _ in fake.presented] == [3, 5, 7]


@pytest.mark.parametrize("error", [SourceUnavailable("timeout", "no byte came"), diagnosed(13)])
def test_records_that_came_stay_when_the_next_ones_do_not(error: HarvestError) -> None:
    records, note = z3950._presented(Fake(ends=error), z3950._ways({}), 1, 4)  # type: ignore[arg-type]
    assert len(records) == 2
    assert "from place 3 on" in note


def test_a_target_that_gives_nothing_is_not_asked_for_ever() -> None:
    records, note = z3950._presented(Fake(each=0), z3950._ways({}), 1, 4)  # type: ignore[arg-type]
    assert (records, bool(note)) == ([], True)
