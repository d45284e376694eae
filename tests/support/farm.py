"""Twenty OAI-PMH servers at once, a few honest and most with a bad habit each: the ground of the soak.

In: dice. Out: `Plot`s, each a `Hostile` server with the records that must arrive, whatever happens. A habit strikes now
and then until the farm is calm; what is broken for good (bytes of another encoding) stays broken.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from threading import Event

from tests.support.hostile_oai import Asked, Hostile, Item, Reply, compressed, marc, serving

#: what a server does to an answer it would have given
Habit = Callable[[random.Random, Asked, Reply], Reply]
#: of a hundred answers, so many are spoilt
_OFTEN = 30
_PAGE = b"<html><head><title>Please log in</title></head><body>Wi-Fi of the market</body></html>"


def _cut(dice: random.Random, _asked: Asked, reply: Reply) -> Reply:
    return replace(reply, cut=dice.randrange(len(reply.body)))


def _cut_chunked(dice: random.Random, asked: Asked, reply: Reply) -> Reply:
    return replace(_cut(dice, asked, reply), chunked=True)


def _busy(dice: random.Random, _asked: Asked, _reply: Reply) -> Reply:
    return Reply(b"", dice.choice((429, 500, 502, 503)), {"Retry-After": dice.choice(("0", "1"))})


def _slow(_dice: random.Random, _asked: Asked, reply: Reply) -> Reply:
    return replace(reply, pause=0.05)


def _reset(_dice: random.Random, _asked: Asked, reply: Reply) -> Reply:
    return replace(reply, cut=0)


def _portal(_dice: random.Random, _asked: Asked, _reply: Reply) -> Reply:
    return Reply(_PAGE, headers={"Content-Type": "text/html"})


def _nothing(_dice: random.Random, _asked: Asked, reply: Reply) -> Reply:
    return replace(reply, body=b"")


def _packed(_dice: random.Random, _asked: Asked, reply: Reply) -> Reply:
    return compressed(reply, announced=False)


def _torn(dice: random.Random, _asked: Asked, reply: Reply) -> Reply:
    """The body ends early and says that it is whole."""
    return replace(reply, body=reply.body[: dice.randrange(1, len(reply.body))])


def _expired(_dice: random.Random, asked: Asked, reply: Reply) -> Reply:
    if not asked.token:
        return reply
    return Reply(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badResumptionToken"/></OAI-PMH>')


def _circling(_dice: random.Random, asked: Asked, reply: Reply) -> Reply:
    if not asked.token:
        return reply
    following = str(int(asked.token.partition("|")[0]) + 10).encode()
    return replace(reply, body=reply.body.replace(b">" + following + b"|", b">" + asked.token[:1].encode() + b"|"))


HABITS: dict[str, Habit] = {
    "cut": _cut,
    "cut-chunked": _cut_chunked,
    "busy": _busy,
    "slow": _slow,
    "reset": _reset,
    "portal": _portal,
    "nothing": _nothing,
    "packed": _packed,
    "torn": _torn,
    "expired": _expired,
    "circling": _circling,
}


@dataclass
class Plot:
    """One source: its code, its habit (empty: honest), its server, and the ids that must be in the catalogue."""

    code: str
    habit: str
    server: Hostile
    expected: frozenset[str]
    struck: list[str] = field(default_factory=list)


@dataclass
class Farm:
    """All plots; `calm` ends the habits."""

    plots: list[Plot]
    calm: Event


def _items(code: str, count: int, habit: str) -> list[Item]:
    found = []
    for n in range(1, count + 1):
        title = f"Sách {code} số {n}"
        if habit == "encoding" and n % 20 == 7:
            # U+0080 stands for a byte that is no UTF-8; `_send` of such a server puts it in.
            title = f"S\x80ch {code} {n}"
        found.append(Item(f"oai:{code}:{n}", payload=marc(title, f"{code}{n}")))
    return found


def _spoiling(plot: Plot, dice: random.Random, calm: Event) -> Callable[[Asked, Reply], Reply]:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        if plot.habit == "encoding":
            return replace(reply, body=reply.body.replace("\x80".encode(), b"\xe1"))
        if calm.is_set() or plot.habit not in HABITS or not reply.body or dice.randrange(100) >= _OFTEN:
            return reply
        plot.struck.append(asked.verb)
        return HABITS[plot.habit](dice, asked, reply)

    return spoil


@contextmanager
def farm(seed: int, sources: int = 20, records: int = 90) -> Iterator[Farm]:
    """Run the servers until the block ends."""
    dice, calm = random.Random(seed), Event()
    habits = [*HABITS, "encoding"]
    with ExitStack() as stack:
        plots = []
        for number in range(sources):
            code = f"s{number:02}"
            habit = habits[number] if number < len(habits) else ""
            items = _items(code, records + number, habit)
            # Letters in another encoding are told by their bytes: such records come too, with an issue.
            expected = frozenset(item.identifier for item in items)
            plot = Plot(code, habit, Hostile(listed=items, page_size=10), expected)
            plot.server.spoil = _spoiling(plot, random.Random(dice.random()), calm)
            plots.append(plot)
            stack.enter_context(serving(plot.server))
        yield Farm(plots, calm)
