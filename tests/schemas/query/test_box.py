"""What readers type into the search box, and what it is read as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import QuerySyntaxError
from schemas.query.box import MOST_CHARACTERS, MOST_TERMS, parse
from schemas.query.tree import And, Everything, Node, Not, Or, Term


def any_(text: str, **more: object) -> Term:
    return Term("any", text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", '""', '"', "-", "- -", "???", " … ! ", "*", "«»"])
def test_nothing_to_look_for_asks_for_everything(text: str) -> None:
    assert parse(text) == Everything()


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("lịch sử  quảng ngãi", any_("lịch sử quảng ngãi")),
        ('"trường sa"', any_("trường sa", match="phrase")),
        ("“trường sa”", any_("trường sa", match="phrase")),
        ("« trường sa »", any_("trường sa", match="phrase")),
        ('"trường sa', any_("trường sa", match="phrase")),
        ("toan*", any_("toan", truncated=True)),
        ('"toán họ"*', any_("toán họ", match="phrase", truncated=True)),
        ("toán học*", And(any_("toán"), any_("học", truncated=True))),
        ('sóng "xuân quỳnh" thơ', And(And(any_("sóng"), any_("xuân quỳnh", match="phrase")), any_("thơ"))),
        ("TP.HCM - Huế", any_("TP.HCM Huế")),
        ("Việt-Nam", any_("Việt-Nam")),
        ("C++", any_("C++")),
    ],
)
def test_words_phrases_and_beginnings(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("toán -lý", Not(any_("toán"), any_("lý"))),
        ("-lý toán", Not(any_("toán"), any_("lý"))),
        ("toán -lý học", Not(any_("toán học"), any_("lý"))),
        ('toán -"vật lý"', Not(any_("toán"), any_("vật lý", match="phrase"))),
        ("-lý", Not(Everything(), any_("lý"))),
        ("toán -author:huy", Not(any_("toán"), Term("creator", "huy"))),
        ("toán -lý -hóa", Not(Not(any_("toán"), any_("lý")), any_("hóa"))),
    ],
)
def test_a_minus_takes_away(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("toán OR lý", Or(any_("toán"), any_("lý"))),
        ("toán lớp 9 HOẶC lý", Or(any_("toán lớp 9"), any_("lý"))),
        ("a OR b OR c", Or(Or(any_("a"), any_("b")), any_("c"))),
        ("toán AND lý", any_("toán lý")),
        ("SỬ VÀ ĐỊA", any_("SỬ ĐỊA")),
        ("toán or lý", any_("toán or lý")),
        ("toán hoặc lý", any_("toán hoặc lý")),
        ("OR", any_("OR")),
        ("toán OR", any_("toán OR")),
        ("OR toán", any_("OR toán")),
        ("a OR OR b", Or(any_("a"), any_("OR b"))),
        ('a "OR" b', And(And(any_("a"), any_("OR", match="phrase")), any_("b"))),
    ],
)
def test_capitals_between_words_join_them(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("title:kiều", Term("title", "kiều")),
        ("Nhan-đề:kiều", Term("title", "kiều")),
        ('tác-giả:"nguyễn du"', Term("creator", "nguyễn du", "phrase")),
        ("author:nguy*", Term("creator", "nguy", truncated=True)),
        ("title:kiều nguyễn", And(Term("title", "kiều"), any_("nguyễn"))),
        ("ngon-ngu:anh", Term("language", "eng", "whole")),
        ('language:"tiếng việt"', Term("language", "vie", "whole")),
        ("loai:sách", Term("material", "book", "whole")),
        ("thu-vien:qng", Term("member", "qng", "whole")),
        ("ddc:895*", Term("class", "895", "begins")),
        ("id:12", Term("id", "12", "whole")),
        ("id:x1", any_("id:x1")),
        ("foo:bar", any_("foo:bar")),
        ('foo:"bar baz"', And(any_("foo:"), any_("bar baz", match="phrase"))),
        ("http://example.org/title:x", any_("http://example.org/title:x")),
        ("title:", any_("title:")),
        ("The library: a history", any_("The library: a history")),
        ("Việt Nam: 1945-1975", any_("Việt Nam: 1945-1975")),
    ],
)
def test_a_prefix_that_touches_asks_one_access_point(text: str, node: Node) -> None:
    assert parse(text) == node


def year(text: str, relation: str = "=") -> Term:
    return Term("year", text, "whole", relation)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("year:2005", year("2005")),
        ("năm:2000-2010", And(year("2000", ">="), year("2010", "<="))),
        ("year:2010–2000", And(year("2000", ">="), year("2010", "<="))),
        ("year:2000..2010", And(year("2000", ">="), year("2010", "<="))),
        ("year:2000-", year("2000", ">=")),
        ("year:-2010", year("2010", "<=")),
        ("year:>=2000", year("2000", ">=")),
        ("year:<2000", year("2000", "<")),
        ("year:199*", Term("year", "199", truncated=True)),
        ("toán year:2005", And(any_("toán"), year("2005"))),
        ("toán -year:2005", Not(any_("toán"), year("2005"))),
        ("year:abc", any_("year:abc")),
        ("year:20055", any_("year:20055")),
        ("year:1990*", any_("year:1990*")),
        ("1945-1975", any_("1945-1975")),
    ],
)
def test_years(text: str, node: Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    "text",
    [
        "9780306406157",
        "978-0-306-40615-7",
        "0-306-40615-2",
        "0306406152",
        "978 0 306 40615 7",
        "ISBN 978-0-306-40615-7",
        "ISBN-13: 978-0-306-40615-7",
        "isbn:0-306-40615-2",
        "978‐0‐306‐40615‐7",
    ],
)
def test_an_isbn_asks_for_its_thirteen_digits(text: str) -> None:
    assert parse(text) == Term("isbn", "9780306406157", "whole")


def test_an_isbn_among_words_asks_for_the_number_too() -> None:
    assert parse("toán 0-306-40615-2") == And(any_("toán"), Term("isbn", "9780306406157", "whole"))
    assert parse("0-8044-2957-x") == Term("isbn", "9780804429573", "whole")


def test_digits_that_are_no_isbn_are_words() -> None:
    assert parse("978-0-306-40615-8") == any_("978-0-306-40615-8")
    assert parse("isbn:123") == Term("isbn", "123", "whole")


def test_decomposed_text_is_read_as_composed() -> None:
    assert parse("tác-giả:hoà") == parse("tác-giả:hoà") == Term("creator", "hoà")


def test_a_text_that_is_too_long_is_refused() -> None:
    assert parse("a" * MOST_CHARACTERS)
    with pytest.raises(QuerySyntaxError, match="1,001 characters") as error:
        parse("a" * (MOST_CHARACTERS + 1))
    assert (error.value.code, error.value.where) == ("query-too-long", "1000")


def test_too_many_words_are_refused_where_they_begin() -> None:
    words = ["từ"] * MOST_TERMS
    assert parse(" ".join(words)) == any_(" ".join(words))
    with pytest.raises(QuerySyntaxError, match="more than 64 words") as error:
        parse(" ".join([*words, "nữa"]))
    assert (error.value.code, error.value.where) == ("query-too-many-terms", str(3 * MOST_TERMS))
    with pytest.raises(QuerySyntaxError):
        parse('"' + "a " * (MOST_TERMS + 1) + '"')


SIGNS = st.sampled_from(
    [
        "title:",
        "năm:",
        "year:",
        "isbn:",
        "id:",
        "-",
        '"',
        "«",
        "*",
        "OR",
        "AND",
        "a",
        "kiều",
        "1990",
        "..",
        " ",
        " ",
        ":",
        "978-0-306-40615-7",
    ]
)


@given(st.text() | st.lists(SIGNS, max_size=30).map("".join))
def test_any_text_is_read_or_refused_as_too_long(text: str) -> None:
    try:
        node = parse(text)
    except QuerySyntaxError as error:
        assert error.code in ("query-too-long", "query-too-many-terms")
    else:
        assert isinstance(node, Term | And | Or | Not | Everything)
