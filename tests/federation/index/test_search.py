"""What a reader finds, and in which order."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from federation.errors import Inconsistent
from federation.index import open_engine
from federation.index.engine import Document, Engine, Question
from schemas.errors import QuerySyntaxError
from schemas.query.tree import And, Everything, Node, Not, Or, Relation, Term
from tests.federation.index.shelf import book, everything, found

MAT_BIEC, UNMARKED, OTHER = book(1, "Mắt biếc"), book(2, "Mat biec"), book(3, "Mặt biển")


@pytest.fixture
def shelf(engine: Engine) -> Engine:
    engine.publish([MAT_BIEC, UNMARKED, OTHER, book(4, "Chiến tranh và hoà bình"), book(5, "Đường về Quảng Ngãi")], [])
    return engine


def test_a_bare_word_finds_every_tone(shelf: Engine) -> None:
    assert set(found(shelf, "mat")) == {1, 2, 3}


def test_a_marked_word_finds_itself_first_and_the_others_after_it(shelf: Engine) -> None:
    assert found(shelf, "mắt biếc") == (1, 2)
    assert found(shelf, "mặt")[0] == 3


def test_who_matches_as_typed_comes_first_however_well_others_match(engine: Engine) -> None:
    engine.publish(
        [book(1, "mat biec", subject="mat biec", creator="mat biec"), book(2, note="xa lạ " * 50 + "mắt biếc")], []
    )
    assert found(engine, "mắt biếc") == (2, 1)
    assert found(engine, "mắt biếc", match="phrase") == (2, 1)


def test_as_typed_only(shelf: Engine) -> None:
    assert found(shelf, "mắt", toned=True) == (1,)
    assert found(shelf, "mat", toned=True) == (2,)
    assert found(shelf, "mat biec", match="phrase", toned=True) == (2,)
    assert found(shelf, "mat biếc", toned=True) == ()


@pytest.mark.parametrize("typed", ["hòa bình", "hoà bình", "HOÀ BÌNH", "hoa binh", "hòa binh"])
def test_the_place_of_the_tone_mark_does_not_count(shelf: Engine, typed: str) -> None:
    assert found(shelf, typed) == (4,)


@pytest.mark.parametrize("typed", ["đường", "duong", "Ðường"])
def test_d_finds_both_letters(shelf: Engine, typed: str) -> None:
    assert found(shelf, typed) == (5,)


def test_decomposed_text_is_the_same_text(engine: Engine) -> None:
    engine.publish([book(1, unicodedata.normalize("NFD", "Mắt biếc"))], [])
    assert found(engine, "mắt biếc", toned=True) == (1,)
    assert found(engine, unicodedata.normalize("NFD", "mắt biếc"), toned=True) == (1,)


@pytest.mark.parametrize("typed", ["mat biec", "mắt biếc", "mat biếc", "mặt biec"])
def test_a_phrase_is_found_in_either_form(shelf: Engine, typed: str) -> None:
    assert set(found(shelf, typed, match="phrase")) == {1, 2}


def test_a_phrase_stands_in_one_value_and_in_order(engine: Engine) -> None:
    engine.publish([book(1, title=("Mắt", "biếc")), book(2, "biếc mắt"), book(3, "xa mắt biếc lạ")], [])
    assert found(engine, "mắt biếc", "title", "phrase") == (3,)
    assert found(engine, "mat biec", "title", "phrase") == (3,)
    assert set(found(engine, "mắt biếc", "title")) == {1, 2, 3}


def test_whole_and_begins(engine: Engine) -> None:
    engine.publish([book(1, "Toán"), book(2, "Toán 4"), book(3, "Bài tập toán"), book(4, "Toan 4")], [])
    assert found(engine, "toán", "title", "whole") == (1,)
    assert set(found(engine, "toan 4", "title", "whole")) == {2, 4}
    assert set(found(engine, "toán", "title", "begins")) == {1, 2, 4}
    assert found(engine, "to", "title", "begins") == ()
    assert set(found(engine, "to", "title", "begins", truncated=True)) == {1, 2, 4}


def test_the_beginning_of_the_last_word(shelf: Engine) -> None:
    assert set(found(shelf, "mat b", truncated=True)) == {1, 2, 3}
    assert set(found(shelf, "mat bie", match="phrase", truncated=True)) == {1, 2, 3}
    assert set(found(shelf, "mat biec", match="phrase", truncated=True)) == {1, 2}


def test_masks(shelf: Engine) -> None:
    assert set(found(shelf, "m?t b*c", masked=True)) == {1, 2}
    assert found(shelf, "m?t", masked=True, toned=True) == (1, 2, 3)
    assert found(shelf, "*ặt", masked=True, toned=True) == (3,)
    assert set(found(shelf, "*", "title", masked=True)) == {1, 2, 3, 4, 5}


def test_words_of_one_query_may_stand_in_different_fields(engine: Engine) -> None:
    engine.publish([book(1, "Mắt biếc", creator="Nguyễn Nhật Ánh"), book(2, "Nhật ký")], [])
    assert found(engine, "nhật biếc") == (1,)
    assert found(engine, "nhật", "creator") == (1,)


def test_and_or_not(shelf: Engine) -> None:
    mat, biec = Term("title", "mat"), Term("title", "biec")
    assert set(found(shelf, And(mat, biec))) == {1, 2}
    assert found(shelf, Not(mat, biec)) == (3,)
    assert set(found(shelf, Or(biec, Term("title", "ngãi")))) == {1, 2, 5}
    assert set(found(shelf, Not(Everything(), mat))) == {4, 5}


@pytest.mark.parametrize("text", ["", "…", "!?", " "])
def test_a_text_without_words_finds_nothing(shelf: Engine, text: str) -> None:
    assert found(shelf, text) == ()


@pytest.mark.parametrize("typed", ["978-604-1-00001-8", "9786041000018", "604-1-00001-9", "6041000019"])
def test_an_isbn_is_found_in_any_form(engine: Engine, typed: str) -> None:
    engine.publish([book(1, "Toán", code_isbn="9786041000018"), book(2, "Văn")], [])
    assert found(engine, typed, "isbn") == (1,)
    assert found(engine, typed) == (1,)


def test_a_wrong_isbn_is_found_as_printed(engine: Engine) -> None:
    engine.publish([book(1, code_isbn="604-1-XX")], [])
    assert found(engine, "604-1-xx", "isbn") == (1,)


def test_codes_are_whole_values_of_any_case(engine: Engine) -> None:
    engine.publish([book(1, code_member="TVQN", code_language="vie"), book(2, code_member="TVQN2")], [])
    assert found(engine, "tvqn", "member") == (1,)
    assert found(engine, "TV", "member") == ()
    assert found(engine, "TV", "member", truncated=True) == (1, 2)
    assert found(engine, "tv*2", "member", masked=True) == (2,)
    assert found(engine, "tiếng Việt", "language") == (1,)


def test_class_numbers_are_found_by_their_beginning(engine: Engine) -> None:
    engine.publish([book(1, code_class="895.922334"), book(2, code_class="895.1"), book(3, code_class="959.7")], [])
    assert found(engine, "895.92", "class", "begins") == (1,)
    assert found(engine, "895.*", "class", masked=True) == (1, 2)


@pytest.mark.parametrize(
    ("relation", "text", "ids"),
    [
        ("=", "2000", (2,)),
        ("<", "2000", (1,)),
        ("<=", "2000", (1, 2)),
        (">", "2000", (3,)),
        (">=", "2000", (2, 3)),
        ("=", "200*", (2, 3)),
        ("=", "20??", (2, 3)),
        ("=", "1990-2000", (1, 2)),
        ("=", "2000-", (2, 3)),
        ("=", "-1999", (1,)),
        ("=", "2001-1990", ()),
    ],
)
def test_years(engine: Engine, relation: Relation, text: str, ids: tuple[int, ...]) -> None:
    engine.publish([book(1, year=1999), book(2, year=2000), book(3, year=2005), book(4)], [])
    assert found(engine, Term("year", text, relation=relation)) == ids


def test_a_record_is_found_by_its_number(shelf: Engine) -> None:
    assert found(shelf, "4", "id") == (4,)


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (Term("year", "năm ngoái"), "query-number"),
        (Term("year", "19*", relation="<"), "query-number"),
        (Term("id", "x"), "query-number"),
        (Term("title", "mat", relation="<"), "query-relation"),
        (Term("colour", "red"), "access-point-unknown"),
        (Term("class", "8*" * 600, masked=True), "query-mask"),
    ],
)
def test_what_has_no_meaning_is_refused(shelf: Engine, tree: Node, code: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        found(shelf, tree)
    assert caught.value.code == code


def test_long_chains_are_not_deep(shelf: Engine) -> None:
    chain: Node = Term("title", "mat")
    for number in range(900):
        chain = Or(chain, Term("id", str(number + 100)))
    assert set(found(shelf, chain)) == {1, 2, 3}


def test_what_is_too_deep_or_too_long_is_refused(shelf: Engine) -> None:
    deep: Node = Term("title", "mat")
    for _ in range(100):
        deep = And(Or(deep, Term("id", "1")), Everything())
    for tree, code in ((deep, "query-too-deep"), (Term("any", "a " * 3000), "query-too-long")):
        with pytest.raises(QuerySyntaxError) as caught:
            found(shelf, tree)
        assert caught.value.code == code


def test_a_beginning_that_fits_too_many_words_is_refused(engine: Engine) -> None:
    engine.publish([book(n, " ".join(f"ba b{n * 1000 + k}" for k in range(1000))) for n in range(1, 19)], [])
    assert len(found(engine, "b", truncated=True)) == 18
    with pytest.raises(QuerySyntaxError) as caught:
        found(engine, "ba b", match="phrase", truncated=True)
    assert caught.value.code == "query-too-broad"
    assert len(found(engine, "ba b1", match="phrase", truncated=True)) == 10


def test_a_hit_in_the_title_weighs_most(engine: Engine) -> None:
    filling = "một hai ba bốn"
    engine.publish(
        [
            book(1, filling, note=f"biển {filling}"),
            book(2, filling, subject=f"biển {filling}"),
            book(3, filling, creator=f"{filling} biển"),
            book(4, f"biển {filling}"),
        ],
        [],
    )
    assert found(engine, "bien") == (4, 3, 2, 1)


def test_a_title_that_begins_with_the_word_comes_before_a_name_that_does(engine: Engine) -> None:
    engine.publish([book(1, "Nếp cũ", creator="Toan Ánh"), book(2, "Toán cao cấp", creator="Đỗ Công Khanh")], [])
    assert found(engine, "toan") == (2, 1)
    assert found(engine, "toan anh") == (1,)


def test_the_whole_title_comes_before_its_words_and_those_before_a_creator(engine: Engine) -> None:
    engine.publish(
        [
            book(1, "Đọc lại Tố Hữu", note="Tố Hữu " * 9),
            book(2, "Việt Bắc", creator="Tố Hữu"),
            book(3, "Tố Hữu"),
            book(4, "Hữu ái", note="tố"),
            book(5, "Rabbit", creator="Hữu, Tố"),
        ],
        [],
    )
    assert found(engine, "to huu") == (3, 1, 2, 5, 4)
    assert found(engine, "tố hữu") == (3, 1, 2, 5, 4)


def test_what_many_libraries_hold_comes_first_of_equals(engine: Engine) -> None:
    members = tuple(f"m{n}" for n in range(9))
    for number, held in ((1, 1), (2, 9), (3, 2), (4, 4)):
        engine.publish([book(number, "Tắt đèn", code_member=members[:held])], [])
    assert found(engine, "tat den") == (2, 4, 3, 1)
    engine.publish([book(5, "Tắt đèn, truyện", code_member=members)], [])
    assert found(engine, "tat den")[-1] == 5  # it does not come before the whole title


def test_names_are_found_in_either_order(engine: Engine) -> None:
    engine.publish([book(1, "On Updike", subject="John Updike"), book(2, "Licks of love", creator="Updike, John")], [])
    assert found(engine, "john updike") == (2, 1)


def test_equal_ranks_are_in_order_of_id_however_many_and_however_the_index_lies(engine: Engine) -> None:
    for first in (50, 150, 1, 100):
        engine.publish([book(number, "Toán") for number in range(first, first + 50)], [])
    assert found(engine, "toán") == tuple(range(1, 200))
    pages = [engine.search(Question(Term("any", "toan"), start, 7)).ids for start in range(0, 210, 7)]
    assert [number for page in pages for number in page] == list(range(1, 200))


def test_titles_sort_as_in_a_dictionary(engine: Engine) -> None:
    titles = ["ba bể", "ba tơ", "bả sơn", "bá a", "đá", "e"]
    engine.publish([book(9 - place, title) for place, title in enumerate(titles)] + [book(20), book(10, "Ba Bể")], [])
    assert everything(engine, "title") == (9, 10, 8, 7, 6, 5, 4, 20)


def test_creators_sort_and_who_has_none_is_last(engine: Engine) -> None:
    engine.publish([book(1), book(2, creator="Tô Hoài"), book(3, creator="Nam Cao"), book(4, creator="Nam Cao")], [])
    assert everything(engine, "creator") == (3, 4, 2, 1)


def test_years_sort_and_unknown_ones_are_last(engine: Engine) -> None:
    engine.publish([book(1), book(2, year=1999), book(3, year=2010), book(4, year=1999)], [])
    assert everything(engine, "newest") == (3, 2, 4, 1)
    assert everything(engine, "oldest") == (2, 4, 3, 1)


def test_facets_count_what_was_found(engine: Engine) -> None:
    engine.publish(
        [
            book(1, "Toán", year=2011, code_member=("A", "B"), code_creator="Nguyễn Nhật Ánh"),
            book(2, "Toán", year=2019, code_member="B", code_creator="Nguyễn Nhật Ánh"),
            book(3, "Văn", year=1999, code_member="C"),
        ],
        [],
    )
    answer = engine.search(Question(Term("any", "toan"), facets=("member", "creator", "decade", "year", "kind")))
    assert answer.facets == {
        "member": (("B", 2), ("A", 1)),
        "creator": (("Nguyễn Nhật Ánh", 2),),
        "decade": (("2010", 2),),
        "year": (("2011", 1), ("2019", 1)),
        "kind": (),
    }


def _filtered(
    engine: Engine, **filters: tuple[str, ...]
) -> tuple[tuple[int, ...], dict[str, tuple[tuple[str, int], ...]]]:
    answer = engine.search(Question(Everything(), filters=filters, facets=("member", "language")))
    return answer.ids, dict(answer.facets)


def test_filters_of_one_field_add_up_and_those_of_several_narrow(engine: Engine) -> None:
    engine.publish(
        [
            book(1, code_member="A", code_language="vie", year=2011),
            book(2, code_member="B", code_language="vie", year=1999),
            book(3, code_member="B", code_language="eng", year=1999),
            book(4, code_member="C", code_language="eng"),
        ],
        [],
    )
    ids, facets = _filtered(engine, member=("A", "B"))
    assert ids == (1, 2, 3)
    assert facets == {"member": (("B", 2), ("A", 1), ("C", 1)), "language": (("vie", 2), ("eng", 1))}
    ids, facets = _filtered(engine, member=("A", "B"), language=("vie",))
    assert ids == (1, 2)
    assert facets["member"] == (("A", 1), ("B", 1))
    assert _filtered(engine, decade=("1990",))[0] == (2, 3)
    assert _filtered(engine, decade=("2010s", "1990"))[0] == (1, 2, 3)
    assert _filtered(engine, year=("2011",))[0] == (1,)
    assert _filtered(engine, decade=("x",))[0] == ()


def test_a_creator_filter_takes_the_name_with_or_without_the_comma(engine: Engine) -> None:
    engine.publish([book(1, code_creator="Nguyễn Nhật Ánh")], [])
    assert _filtered(engine, creator=("Nguyễn, Nhật Ánh",))[0] == (1,)


def test_equal_counts_are_in_order_of_value_and_always_the_same_ones(folder: Path) -> None:
    shown = []
    for order in ((300, 100, 200), (100, 200, 300)):
        engine = open_engine(f"tantivy:{folder / str(order[0])}", create=True)
        for first in order:
            engine.publish([book(n, code_subject=f"s{n}", code_member=f"m{n}") for n in range(first, first + 100)], [])
        shown.append(engine.search(Question(Everything(), facets=("subject", "member"), facet_size=3)).facets)
    assert shown[0] == shown[1]
    assert shown[0]["member"] == (("m100", 1), ("m101", 1), ("m102", 1))
    assert [value for value, _ in shown[0]["subject"]] == sorted(value for value, _ in shown[0]["subject"])


def test_all_ways_to_write_a_name_are_counted_together_as_most_records_write_it(engine: Engine) -> None:
    names = ("Nguyễn Nhật Ánh", "nguyễn nhật ánh.", "Nguyễn Nhật Ánh", "Tố Hữu")
    engine.publish([book(n, code_creator=name) for n, name in enumerate(names, start=1)], [])
    assert engine.search(Question(Everything(), facets=("creator",))).facets["creator"] == (
        ("Nguyễn Nhật Ánh", 3),
        ("Tố Hữu", 1),
    )


def test_all_values_are_told_one_by_one_from_any_place_the_commonest_first(engine: Engine) -> None:
    names = [f"n{n}" for n in range(20) for _ in range(20 - n)]
    engine.publish([book(n, code_creator=name, code_member="AB"[n % 2]) for n, name in enumerate(names, start=1)], [])
    asked = Question(Everything(), facet_size=100)
    assert list(engine.values(asked, "creator")) == [(f"n{n}", 20 - n) for n in range(20)]
    assert list(engine.values(replace(asked, facet_size=2), "creator", start=7)) == [("n7", 13), ("n8", 12)]
    assert list(engine.values(asked, "creator", start=20)) == []
    assert list(engine.likely(Term("any", "x"), "creator", 2, bool)) == []
    assert list(engine.likely(Everything(), "creator", 3, lambda value: value != "n1")) == [("n0", 20), ("n2", 18)]


def test_values_told_one_by_one_are_under_all_filters_but_their_own(engine: Engine) -> None:
    engine.publish([book(1, code_creator="X", code_member="A"), book(2, code_creator="Y", code_member="B")], [])
    asked = Question(Everything(), filters={"member": ("A",), "creator": ("Y",)})
    assert list(engine.values(asked, "creator")) == [("X", 1)]
    with pytest.raises(QuerySyntaxError):
        list(engine.values(asked, "member"))


def test_words_that_begin_so_stand_side_by_side_be_they_few_or_many(engine: Engine) -> None:
    few = [book(n, f"Toán {'abcdefghij'[n]}ba") for n in range(1, 4)]
    many = [book(100 + n, f"Toán học kỳ{chr(97 + n // 10)}{n}") for n in range(50)]
    engine.publish([*few, *many, book(99, "học toán kỳ")], [])
    assert found(engine, "toan bba", "title", match="begins", truncated=True) == (1,)
    assert found(engine, "toan bbb", "title", match="begins", truncated=True) == ()
    assert len(found(engine, "hoc kya", "title", match="phrase", truncated=True)) == 10
    assert engine.search(Question(Term("title", "toán học kỳa", "begins", truncated=True))).total == 10
    assert engine.search(Question(Term("title", "toan hoc", "begins", truncated=True))).total == 50


def test_a_value_that_is_filtered_by_is_counted_however_rare_it_is(engine: Engine) -> None:
    books = [book(n, code_member="A", code_creator="Tố Hữu") for n in range(1, 4)]
    engine.publish([*books, book(9, code_member="Z", code_creator="Xuân Diệu")], [])
    filters = {"member": ("Z",), "creator": ("xuân diệu", "nobody")}
    answer = engine.search(Question(Everything(), filters=filters, facets=("member", "creator"), facet_size=1))
    assert answer.facets == {"member": (("Z", 1),), "creator": (("Xuân Diệu", 1), ("xuân diệu", 1), ("nobody", 0))}


def test_places_are_a_tree_whose_every_node_is_counted_and_filters(engine: Engine) -> None:
    engine.publish(
        [
            book(1, code_member=("A", "B"), code_area="51", code_level=("51/province", "51/commune")),
            book(2, code_member="B", code_area="51", code_level="51/commune"),
            book(3, code_member="C"),
        ],
        [],
    )
    question = Question(Everything(), filters={"place": ("level:51/commune",)}, facets=("place",))
    answer = engine.search(question)
    assert answer.ids == (1, 2)
    assert dict(answer.facets["place"]) == {
        **{"area:51": 2, "level:51/commune": 2, "level:51/province": 1},
        **{"member:B": 2, "member:A": 1, "member:C": 1},
    }
    assert engine.search(replace(question, filters={"place": ("C", "member:A")})).ids == (1, 3)


@pytest.mark.parametrize(
    "question", [Question(Everything(), facets=("colour",)), Question(Everything(), filters={"x": ("y",)})]
)
def test_unknown_facets_and_filters_are_refused(shelf: Engine, question: Question) -> None:
    with pytest.raises(QuerySyntaxError):
        shelf.search(question)


def test_a_page_beyond_the_end_is_empty_and_knows_the_total(shelf: Engine) -> None:
    answer = shelf.search(Question(Everything(), start=10**15, limit=10))
    assert (answer.total, answer.ids) == (5, ())


def test_publishing_again_changes_nothing(shelf: Engine) -> None:
    shelf.publish([MAT_BIEC, MAT_BIEC], [99])
    assert shelf.count() == 5
    assert found(shelf, "mắt biếc") == (1, 2)


def test_publishing_replaces_and_removes(shelf: Engine) -> None:
    shelf.publish([book(1, "Hai số phận", version=2**64 - 1)], [2, 3, 4])
    assert everything(shelf) == (1, 5)
    assert found(shelf, "mắt") == ()
    assert list(shelf.entries()) == [(1, 2**64 - 1), (5, 1)]


def test_entries_come_in_order_a_chunk_at_a_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.index.tantivy._CHUNK", 3)
    for first in (6, 1):
        engine.publish([book(number, version=number * 2) for number in range(first, first + 5)], [])
    assert list(engine.entries()) == [(number, number * 2) for number in range(1, 11)]


def test_a_document_with_an_unknown_field_is_our_fault(engine: Engine) -> None:
    with pytest.raises(Inconsistent):
        engine.publish([book(1, "a"), Document(2, 1, {"colour": ("red",)}, {})], [])
    assert engine.count() == 0
    engine.publish([book(1, "a")], [])
    assert engine.count() == 1
