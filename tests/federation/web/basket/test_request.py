import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.web.basket.request import MOST, read, way_back, written


@given(st.lists(st.integers(1, 10**18 - 1), unique=True, max_size=MOST))
def test_what_is_written_is_read(numbers: list[int]) -> None:
    assert list(read(written(numbers))) == numbers


@given(st.text())
def test_any_text_is_a_list_of_numbers(text: str) -> None:
    assert all(0 < number < 10**18 for number in read(text))


def test_a_number_is_kept_once_and_no_more_than_fit() -> None:
    assert read("3.1.3.0.x.-2.1") == read("3,1,3") == (3, 1)
    assert len(read(".".join(map(str, range(1, 1000))))) == MOST


@pytest.mark.parametrize(
    "text", ["", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/evil", "x"]
)
def test_the_way_back_never_leads_elsewhere(text: str) -> None:
    assert way_back(text, "/basket") == "/basket"


def test_the_way_back_is_the_page_of_the_form() -> None:
    assert way_back("/search?q=a&page=2", "/basket") == "/search?q=a&page=2"
