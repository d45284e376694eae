"""Two threads that write what harvesters see take turns: a stamp ends the promise it belongs to, and no other one."""

import threading

from federation import clock
from federation.pipeline.stages.stage import stamped
from federation.pipeline.workplace import Workplace
from federation.store import stamps


def test_a_second_writer_promises_only_when_the_first_has_its_stamp(place: Workplace) -> None:
    inside, done, order = threading.Event(), threading.Event(), []

    def second() -> None:
        inside.wait(10)
        with stamped(place):
            order.append("second")
        done.set()

    thread = threading.Thread(target=second)
    thread.start()
    with stamped(place):
        inside.set()
        assert not done.wait(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    with place.database.read() as session:
        now = clock.now()
        assert stamps.horizon(session, now) == clock.whole_second(now), "no promise is left open"
