"""Long work shows itself: a line a minute where there is no terminal, with rate and time left, and nothing sooner."""

import pytest

from federation.cli.progress import Showing


class FakeClock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_line_a_minute_with_rate_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    show = Showing(None, clock)
    for second in range(0, 181, 5):
        clock.seconds = 1000.0 + second
        show("normalise", second * 10, 9000)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "normalise: 600 records of 9000, 10/s, about 14 min left",
        "normalise: 1200 records of 9000, 10/s, about 13 min left",
        "normalise: 1800 records of 9000, 10/s, about 12 min left",
    ]


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    show = Showing(None, clock)
    clock.seconds += 59
    show("fetch", 10_000, None)
    assert capsys.readouterr().err == ""


def test_the_rate_of_each_piece_of_work_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    show = Showing(None, clock)
    clock.seconds += 50
    show("fetch", 5000, None)
    show("normalise", 0, 2000)
    clock.seconds += 20
    show("normalise", 1000, 2000)
    assert capsys.readouterr().err == "normalise: 1000 records of 2000, 50/s, less than a minute left\n"


def test_what_has_no_known_end_names_none(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    show = Showing(None, clock)
    clock.seconds += 100
    show("fetch", 5000, None)
    assert capsys.readouterr().err == "fetch: 5000 records, 50/s\n"
