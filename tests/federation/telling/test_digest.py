"""The digest: both languages, times of Vietnam, one line an item, bounded, nothing that could break a mail."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from federation.telling.digest import LONGEST, MOST, Item, digest, trial

AT = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
URL = "https://muclucso.example.vn"


def item(number: int, vietnamese: str = "Nguồn im lặng", english: str = "The source is silent") -> Item:
    return Item(number, "silence", "oai", None, AT, f"{vietnamese} {number}", f"{english} {number}")


def test_both_languages_stand_in_it_in_order_with_the_time_of_vietnam() -> None:
    made = digest([item(1), item(2)], "Liên Thông", URL)
    assert made.subject == "Liên Thông: 2 thông báo / 2 notices"
    lines = [line for line in made.text.splitlines() if line.startswith("* ")]
    assert lines == [
        "* 2026-03-02 01:30 +07  Nguồn im lặng 1",
        "* 2026-03-02 01:30 +07  Nguồn im lặng 2",
        "* 2026-03-02 01:30 +07  The source is silent 1",
        "* 2026-03-02 01:30 +07  The source is silent 2",
    ]
    assert URL in made.text


def test_the_same_for_a_machine_has_utc() -> None:
    rows = digest([item(7)], "Liên Thông", URL).rows
    assert rows == {
        "catalogue": "Liên Thông",
        "url": URL,
        "count": 1,
        "notices": [
            {
                "id": 7,
                "kind": "silence",
                "source": "oai",
                "run": None,
                "at": "2026-03-01T18:30:00Z",
                "message": {"vi": "Nguồn im lặng 7", "en": "The source is silent 7"},
            }
        ],
    }


def test_of_very_many_the_number_is_told() -> None:
    made = digest([item(number, "x" * 9000, "y" * 9000) for number in range(MOST + 900)], "Liên Thông", URL)
    assert made.subject == "Liên Thông: 1000 thông báo / 1000 notices"
    assert "* và 900 điều khác" in made.text
    assert "* and 900 more" in made.text
    assert len(made.text) < 2 * MOST * (LONGEST + 100)
    assert len(made.rows["notices"]) == MOST


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_a_line_or_a_header(name: str, vietnamese: str, english: str) -> None:
    made = digest([item(1, vietnamese, english)], name, URL)
    assert len(made.subject.splitlines()) == 1
    assert not any(ord(letter) < 32 for letter in made.subject)
    assert len([line for line in made.text.splitlines() if line.startswith("* ")]) == 2
    made.text.encode()
    json.dumps(made.rows["notices"], ensure_ascii=False).encode()


def test_a_trial_tells_nothing_but_that_it_arrives() -> None:
    made = trial("Liên Thông", URL)
    assert (made.subject, made.rows["notices"]) == ("Liên Thông: thư thử / trial", [])
    assert URL in made.text
