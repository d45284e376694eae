"""What stands near a record and a library: similar titles, whose each field is, what a library got last."""

from sqlalchemy import update

from federation.catalogue import similar
from federation.catalogue.advice import Suggestion
from federation.index.engine import Found
from federation.store.models import Union
from schemas.bib import Agent, Bib, Classification, Series, Subject, Title
from schemas.query.tree import Or, Term
from tests.support.catalogues import START, Shelf

TVT = ("member:tvt",)
BOTH = ("member:lqd", "member:tvt")


def test_similar_titles_leave_out_the_record_its_printings_and_what_is_gone(shelf: Shelf) -> None:
    shelf.put(dict.fromkeys(range(1, 8), TVT))
    shelf.bury({4: None})
    shelf.engine.found = Found(7, (1, 2, 3, 4, 5, 6, 7))
    record = shelf.catalogue.fetch(1)
    assert record is not None
    assert [hit.id for hit in shelf.catalogue.similar(record, but=(2,), limit=4)] == [3, 5, 6]
    assert [hit.id for hit in shelf.catalogue.similar(record, limit=2)] == [2, 3]


def test_what_is_asked_for_is_what_the_record_is_about_and_who_made_it() -> None:
    bib = Bib(
        title=Title("x"),
        subjects=(Subject("Truyện", "genre"), Subject("Sa Huỳnh", "place")),
        agents=(Agent("Nguyễn, Nhật Ánh"),),
        series=(Series("Tủ sách"),),
        classes=(Classification("ddc", "895"), Classification("ddc", "959.752")),
    )
    question = similar.question(bib, 5)
    assert question is not None
    assert question.limit == 5

    def terms(node: object) -> list[Term]:
        return [*terms(node.left), *terms(node.right)] if isinstance(node, Or) else [node]  # type: ignore[list-item]

    assert [(term.access_point, term.text) for term in terms(question.query)] == [
        ("subject", "Sa Huỳnh"),
        ("creator", "Nguyễn Nhật Ánh"),
        ("series", "Tủ sách"),
        ("class", "959.752"),
    ]


def test_a_record_that_says_nothing_has_nothing_like_it(shelf: Shelf) -> None:
    assert similar.question(Bib(title=Title("x")), 5) is None


def test_fields_are_attributed_by_what_merge_noted(shelf: Shelf) -> None:
    shelf.put({7: BOTH})
    with shelf.database.write() as session:
        noted = [["lqd", "0042", ""], ["tvt", "b-17", "008/35-37"]]
        session.execute(update(Union).where(Union.id == 7).values(provenance=noted))
    record = shelf.catalogue.fetch(7)
    assert record is not None
    leader, lines = shelf.catalogue.attributed(record)
    assert len(leader) == 24
    assert {line.field.tag: line.member for line in lines}["245"] == "lqd"


def test_the_titles_a_library_got_last_come_first_and_are_its_own(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: BOTH, 3: TVT})
    members = {member.code: member for member in shelf.catalogue.members()}
    assert [hit.id for hit in shelf.catalogue.latest(members["tvt"], 2)] == [3, 2]
    assert [hit.id for hit in shelf.catalogue.latest(members["lqd"], 9)] == [2]


def test_a_librarys_stock_is_counted_with_the_day_of_its_newest_record(shelf: Shelf) -> None:
    shelf.put({1: TVT, 2: BOTH})
    members = {member.code: member for member in shelf.catalogue.members()}
    stock = shelf.catalogue.stock(members["tvt"])
    assert (stock.copies, stock.as_of) == (4, START.date())
    shelf.bury({2: None})
    empty = shelf.catalogue.stock(members["lqd"])
    assert (empty.copies, empty.as_of) == (0, None)


def test_a_beginning_becomes_different_titles_in_order_names_and_subjects(shelf: Shelf) -> None:
    shelf.put(dict.fromkeys((1, 2, 3), TVT))
    shelf.engine.found = Found(40, (3, 99, 1, 2))
    titles = [f"Sông núi <nước> & Nam {number}" for number in (3, 1, 2)]
    assert shelf.catalogue.suggested("sông", 2) == (
        *(Suggestion("title", title) for title in titles[:2]),
        Suggestion("creator", "Trần Sông", 7),
    )
    assert [each.text for each in shelf.catalogue.suggested("sông", 5)][:3] == titles
    assert shelf.catalogue.suggested("s", 5) == ()
