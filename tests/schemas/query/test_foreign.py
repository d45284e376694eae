"""A question put to others: the same meaning in words that a server understands which knows less than ours."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.query import box, cql_write, rpn_write
from schemas.query.foreign import Manner, adapted, said
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term
from schemas.z3950 import attributes as bib1
from schemas.z3950.rpn import Operand, Operator, Rpn

SIMPLE = Manner("each", "plain", "use")


def cql(text: str, manner: Manner, **indexes: str) -> str:
    return cql_write.write(adapted(box.parse(text), manner), indexes=indexes)


def pqf(text: str, manner: Manner) -> str:
    return rpn_write.text(said(rpn_write.write(adapted(box.parse(text), manner)), manner).root)


def test_words_are_one_term_or_a_term_each() -> None:
    assert cql("truyện kiều", Manner()) == 'cql.serverChoice all "truyện kiều"'
    assert cql("truyện kiều", Manner("each")) == "cql.serverChoice = truyện and cql.serverChoice = kiều"
    assert pqf("truyện kiều", Manner("each", attributes="use")) == '@and @attr 1=1016 "truyện" @attr 1=1016 "kiều"'


def test_the_beginning_of_a_word_stays_one_when_words_are_asked_one_by_one() -> None:
    assert adapted(Term("any", "lịch sử quảng", truncated=True), Manner("each")) == And(
        And(Term("any", "lịch", "phrase"), Term("any", "sử", "phrase")), Term("any", "quảng", "phrase", truncated=True)
    )


def test_letters_go_without_marks_where_a_server_has_none() -> None:
    assert cql('title:"Đất nước"', Manner(letters="plain")) == 'dc.title = "dat nuoc"'


def test_a_number_is_asked_in_both_its_lengths() -> None:
    assert cql("0131103628", Manner()) == "bath.isbn = 9780131103627 or bath.isbn = 0131103628"
    assert cql("9791234567896", Manner()) == "bath.isbn = 9791234567896"


def test_indexes_have_the_names_that_a_server_gives_them() -> None:
    asked = cql("title:kiều author:nguyễn năm:2000-", Manner(), title="pica.tit", creator="pica.per")
    assert asked == "pica.tit all kiều and pica.per all nguyễn and dc.date >= 2000"


def test_use_attributes_are_replaced_and_all_six_are_said_where_a_server_wants_them() -> None:
    assert pqf("title:kiều", Manner(attributes="use", uses={4: 5})) == '@attr 1=5 "kiều"'
    whole = '@attr 1=4 @attr 4=6 @attr 2=3 @attr 3=3 @attr 5=100 @attr 6=1 "kiều"'
    assert pqf("title:kiều", Manner(attributes="all")) == whole


def test_what_is_cut_off_and_compared_is_said_even_by_use_alone() -> None:
    assert pqf("toan*", Manner(attributes="use")) == '@attr 1=1016 @attr 5=1 "toan"'
    assert pqf("year:>=2000", Manner(attributes="use")) == '@attr 1=31 @attr 2=4 "2000"'


_TERMS = st.builds(
    Term,
    st.sampled_from(["any", "title", "creator", "year", "isbn"]),
    st.sampled_from(["đất nước", "kiều", "2005", "9780131103627", "a b c"]),
    st.sampled_from(["words", "phrase", "whole", "begins"]),
)
_TREES = st.recursive(
    st.one_of(_TERMS, st.just(Everything())),
    lambda inner: st.builds(lambda join, left, right: join(left, right), st.sampled_from([And, Or, Not]), inner, inner),
    max_leaves=8,
)


def use_attributes(rpn: Rpn) -> list[object]:
    if isinstance(rpn, Operator):
        return [*use_attributes(rpn.left), *use_attributes(rpn.right)]
    assert isinstance(rpn, Operand)
    return [each.value for each in rpn.attributes if each.type == bib1.USE]


@given(_TREES)
def test_a_server_that_knows_what_ours_does_is_asked_the_same(node: Node) -> None:
    numbers = [Term("isbn", "9780131103627", "whole")]
    if not any(str(number) in str(node) for number in numbers):
        assert adapted(node, Manner()) == node


@given(_TREES)
def test_every_operand_keeps_exactly_one_use_attribute_in_any_manner(node: Node) -> None:
    query = rpn_write.write(adapted(node, SIMPLE))
    for manner in (Manner(), SIMPLE, Manner(attributes="all", uses={4: 33, 1016: 1035})):
        uses = use_attributes(said(query, manner).root)
        assert len(uses) == len(use_attributes(query.root))
        assert not manner.uses or not {4, 1016} & set(uses)


def test_nearness_and_everything_are_left_as_they_are() -> None:
    near = Near(Term("title", "đất"), Term("title", "nước"), 3)
    assert adapted(near, SIMPLE) == near
    assert adapted(Everything(), SIMPLE) == Everything()
