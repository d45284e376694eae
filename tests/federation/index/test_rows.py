"""Documents as the index writes them."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from federation.errors import Inconsistent
from federation.index.engine import Document, Engine
from federation.index.rows import row
from tests.federation.index.shelf import book, everything, found

MARKED = Document(3, 2**64 - 1, {"title": ("Mắt biếc", "Blue eyes", "Mắt", "Eyes", "…")}, {"member": ("A", "b")}, 2012)
# Short and of few values, so that some are equal and some begin others.
keys = st.lists(st.sampled_from([0, 1, 2, 0x30, 0x5C, 0x7F, 0xFE, 0xFF]), max_size=4).map(bytes)
numbers = st.sampled_from([0, 1, 9, 10, 255, 256, 2**44 - 1])


def _written(document: Document) -> dict[str, object]:
    written = json.loads(row(document).content)
    assert isinstance(written, dict)
    return written


def test_plain_and_marked_values_are_written_apart_each_between_its_anchors() -> None:
    written = _written(MARKED)
    assert written["plain_title"] == "ʿ Blue eyes ʾ ʿ Eyes ʾ"
    assert written["marked_title"] == "ʿ mat =mắt biec =biếc ʾ ʿ mat =mắt ʾ"
    assert written["code_member"] == ["A", "b"]
    assert (written["id"], written["version"], written["year"]) == (3, 2**64 - 1, 2012)


def test_an_unknown_year_is_not_written() -> None:
    assert "year" not in _written(replace(MARKED, year=0))


@given(keys, numbers, keys, numbers)
def test_written_sort_keys_are_in_order_of_key_and_then_of_number(
    first: bytes, number: int, second: bytes, other: int
) -> None:
    written = [
        str(_written(replace(MARKED, id=each, sort_title=key))["by_title"]).encode()
        for each, key in ((number, first), (other, second))
    ]
    expected = [(not first, first, number), (not second, second, other)]
    assert (written[0] < written[1], written[0] == written[1]) == (
        expected[0] < expected[1],
        expected[0] == expected[1],
    )


@given(st.binary(min_size=1, max_size=300), st.binary(min_size=1, max_size=300))
def test_every_byte_of_a_sort_key_counts(first: bytes, second: bytes) -> None:
    written = [str(_written(replace(MARKED, sort_creator=key))["by_creator"]).encode() for key in (first, second)]
    assert (written[0] < written[1]) == (first < second)


@pytest.mark.parametrize(
    "wrong", [{"id": -1}, {"id": 1 << 44}, {"texts": {"colour": ("x",)}}, {"codes": {"x": ("x",)}}]
)
def test_what_the_index_has_no_field_for_is_no_row(wrong: dict[str, object]) -> None:
    with pytest.raises(Inconsistent) as caught:
        row(replace(MARKED, **wrong))  # type: ignore[arg-type]
    assert caught.value.code == "document-field"


def test_rows_made_elsewhere_are_published_like_documents(engine: Engine) -> None:
    elsewhere = pickle.loads(pickle.dumps(row(book(1, "Mắt biếc"))))
    assert row(elsewhere) is elsewhere
    engine.publish([elsewhere, book(2, "Mắt biếc")], [])
    engine.publish([row(book(1, "Mắt xanh"))], [])
    assert found(engine, "mắt") == (1, 2)
    assert found(engine, "biếc") == (2,)
    assert engine.rebuild(map(row, [book(4), book(5)])) == 2
    assert everything(engine) == (4, 5)
