"""The line of a phone delays and carries; it changes nothing."""

import http.client

from tests.bench.phone_link import Line, _Direction, far_away
from tests.bench.rows_phone import _BARE, _bare

QUICK = Line(0.0, 1e9, 1e9)


def test_bytes_wait_for_their_turn_and_then_for_the_distance() -> None:
    direction = _Direction(width=8_000, delay=0.075)
    assert direction.arrival(1_000, now=10.0) == 11.075
    assert direction.arrival(500, now=10.2) == 11.575
    assert direction.arrival(1_000, now=20.0) == 21.075


def test_a_server_answers_the_same_at_the_far_end_of_a_line_over_one_connection() -> None:
    with _bare() as port, far_away(port, QUICK) as far:
        connection = http.client.HTTPConnection("127.0.0.1", far, timeout=20)
        for _ in range(3):
            connection.request("GET", "/")
            assert connection.getresponse().read() == _BARE
        connection.close()


def test_a_line_that_is_taken_down_ends_what_is_under_way() -> None:
    with _bare() as port, far_away(port, Line(600, 1e9, 1e9)) as far:
        connection = http.client.HTTPConnection("127.0.0.1", far, timeout=20)
        connection.request("GET", "/")
    connection.close()
