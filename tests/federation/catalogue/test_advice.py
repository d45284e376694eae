"""What helps a reader who mistyped, has only begun, or found nothing; asked of a real index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.catalogue import advice
from federation.catalogue.advice import Correction, Suggestion
from federation.index import open_engine
from federation.index.document import Placement, document
from federation.index.engine import Engine
from schemas.bib import Agent, Bib, Subject, Title

BOOKS = (
    Bib(Title("Truyện Kiều"), agents=(Agent("Nguyễn Du"),), subjects=(Subject("Văn học Việt Nam"),)),
    Bib(Title("Kim Vân Kiều truyện"), agents=(Agent("Nguyễn Du"),)),
    Bib(Title("Di sản văn hóa"), agents=(Agent("Nguyễn Đức Lợi"),), subjects=(Subject("Văn hóa"),)),
    Bib(Title("Philosophy of history"), agents=(Agent("Hegel, G. W. F."),)),
    Bib(Title("Sức bền vật liệu")),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("index")
    made = open_engine(f"tantivy:{folder}", create=True)
    made.publish([document(n, bytes(8), each, Placement()) for n, each in enumerate(BOOKS, start=1)], [])
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "right", "total"),
    [
        ("truyeenj kieeuf", "truyện kiều", 2),
        ("truyeen kieeuf", "truyên kiều", 2),
        ("truyen6 kieu62", "truyên kiều", 2),
        ("suwcs beenf vaatj lieeuj", "sức bền vật liệu", 1),
        ("philosohpy", "philosophy", 1),
        ("phlosophy of histori", "philosophy of history", 1),
        ("nguyen dux", "nguyen dũ", 2),
        ("vat lieeu", "vat liêu", 1),
        ("suc bne", "suc ben", 1),
    ],
)
def test_slips_are_put_right_when_nothing_is_found(engine: Engine, typed: str, right: str, total: int) -> None:
    assert next(advice.corrections(engine, typed)) == Correction(right, total)


@pytest.mark.parametrize("typed", ["xyzzy plugh", '"philosohpy"', "tac-gia:nguyenn", "", "a b c d e f g h i j k l"])
def test_no_advice_is_given_where_there_is_none_or_the_writer_knows_the_signs(engine: Engine, typed: str) -> None:
    assert list(advice.corrections(engine, typed)) == []


@pytest.mark.parametrize(
    ("typed", "right"), [("truyên kiêu", "truyện kiều"), ("đi sản", "di sản"), ("nguyễn đu", "nguyễn du")]
)
def test_wrong_marks_are_put_right_as_the_records_have_them(engine: Engine, typed: str, right: str) -> None:
    correction = advice.retoned(engine, typed, BOOKS)
    assert correction is not None
    assert correction.text == right


@pytest.mark.parametrize("typed", ["truyện kiều", "truyen kieu", "hình", "vật liểu sức"])
def test_marks_that_some_record_has_are_left_alone(engine: Engine, typed: str) -> None:
    assert advice.retoned(engine, typed, BOOKS) is None


def test_records_without_any_marks_teach_none(engine: Engine) -> None:
    assert advice.retoned(engine, "phílosophy", BOOKS) is None


@pytest.mark.parametrize(
    ("typed", "meant", "total"),
    [
        ("tác giả: nguyễn du", 'tác-giả:"nguyễn du"', 2),
        ("tac gia : nguyen", "tac-gia:nguyen", 3),
        ("tác giả nguyễn du", 'tác-giả:"nguyễn du"', 2),
        ("tac-gia:nguyen duc", 'tac-gia:"nguyen duc"', 1),
        ('author: "Hegel, G."', 'author:"hegel g"', 1),
        ("author: g hegel", "author:g author:hegel", 1),
        ("nhan đề: truyện", "nhan-đề:truyện", 2),
    ],
)
def test_a_field_named_with_blanks_is_understood(engine: Engine, typed: str, meant: str, total: int) -> None:
    assert advice.fielded(engine, typed) == Correction(meant, total)


@pytest.mark.parametrize(
    "typed", ["tác giả: tolstoy", "the library: a history", "tác giả:", "năm: sau", "tac-gia:du", ""]
)
def test_what_names_no_field_or_finds_nothing_in_it_is_no_question_to_a_field(engine: Engine, typed: str) -> None:
    assert advice.fielded(engine, typed) is None


def test_of_several_slips_that_which_finds_most_is_the_likeliest(engine: Engine) -> None:
    assert [each.text for each in advice.corrections(engine, "truyxn")] == ["truyen"]
    assert next(advice.corrections(engine, "xan")).text in ("van", "san")
    found = [each.total for each in advice.corrections(engine, "xan")]
    assert found == sorted(found, reverse=True)


def test_known_syllables_are_not_exchanged_for_commoner_ones(engine: Engine) -> None:
    assert list(advice.corrections(engine, "kim di")) == []
    assert list(advice.corrections(engine, "kiều sản vật")) == []


def test_a_correction_gets_the_marks_of_a_record_that_has_its_words_side_by_side() -> None:
    assert advice.dressed("sức ben vật liệu", BOOKS) == "sức bền vật liệu"
    assert advice.dressed("sức vật", BOOKS) == "sức vật"
    assert advice.dressed("philosophy", BOOKS) == "philosophy"


def test_each_word_of_a_query_that_finds_nothing_is_told_of_the_unknown_first(engine: Engine) -> None:
    told = advice.dropped(engine, "truyện kiều xyzzy")
    assert [(each.word, each.known, each.text, each.total) for each in told] == [
        ("xyzzy", 0, "truyện kiều", 2),
        ("truyện", 2, "kiều xyzzy", 0),
        ("kiều", 2, "truyện xyzzy", 0),
    ]
    assert advice.dropped(engine, "xyzzy") == ()


def test_beginnings_become_names_and_subjects_the_commonest_first(engine: Engine) -> None:
    assert advice.headings(engine, "nguyễn d", "creator", 5) == [
        Suggestion("creator", "Nguyễn Du", 2),
        Suggestion("creator", "Nguyễn Đức Lợi", 1),
    ]
    assert advice.headings(engine, "van ho", "subject", 5) == [
        Suggestion("subject", "Văn hóa", 1),
        Suggestion("subject", "Văn học Việt Nam", 1),
    ]
    assert len(advice.headings(engine, "van ho", "subject", 1)) == 1
    assert advice.headings(engine, "v", "subject", 5) == []


def test_a_name_of_two_letters_is_a_word_of_its_own(engine: Engine) -> None:
    assert advice.headings(engine, "du", "creator", 5) == [Suggestion("creator", "Nguyễn Du", 2)]
    asked = advice.beginning("di")
    assert asked is not None
    assert engine.search(asked).ids == (3,)
    assert advice.beginning("d") is None


def test_a_longer_word_is_taken_as_begun(engine: Engine) -> None:
    asked = advice.beginning("phil")
    assert asked is not None
    assert engine.search(asked).ids == (4,)
