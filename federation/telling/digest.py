"""The digest: all that is untold in one message, Vietnamese first, English below, plain text; the same as JSON.

In: `Item`s, and how the catalogue is called. Out: a `Digest` whose subject and texts are safe in a mail: no line breaks
in the subject, no control characters, and a bounded size however much there is to tell. Pure.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation import clock

#: items written out; of further ones only the number is told
MOST: Final = 100
#: characters of one item
LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell, in both languages."""

    id: int
    kind: str
    source: str
    run: int | None
    at: datetime
    vietnamese: str
    english: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told at once: the subject and text of a mail, and the same for a machine."""

    subject: str
    text: str
    rows: dict[str, Any]


def digest(items: Sequence[Item], name: str, url: str) -> Digest:
    """Make one message of all items, the oldest first."""
    count, shown = len(items), items[:MOST]
    title = _plain(name)
    return Digest(
        f"{title}: {count} thông báo / {count} notice{'' if count == 1 else 's'}",
        "\n".join(_lines(shown, count, f"{title} – {_plain(url)}")),
        {"catalogue": name, "url": url, "count": count, "notices": [_row(item) for item in shown]},
    )


def trial(name: str, url: str) -> Digest:
    """Make a message that says only that messages arrive."""
    text = f"Thư thử: thông báo của {_plain(name)} đến được nơi.\nA trial: notices of {_plain(url)} arrive.\n"
    return Digest(f"{_plain(name)}: thư thử / trial", text, {"catalogue": name, "url": url, "count": 0, "notices": []})


def _lines(items: Sequence[Item], count: int, title: str) -> Iterator[str]:
    yield from (title, "", f"Có {count} điều cần biết, theo thứ tự thời gian:", "")
    yield from (f"* {clock.local(item.at)}  {_plain(item.vietnamese)}" for item in items)
    if count > len(items):
        yield f"* và {count - len(items)} điều khác: xem `lienthong notices`"
    yield from ("", "-- ", f"{count} {'thing' if count == 1 else 'things'} to know, the oldest first:", "")
    yield from (f"* {clock.local(item.at)}  {_plain(item.english)}" for item in items)
    if count > len(items):
        yield f"* and {count - len(items)} more: see `lienthong notices`"
    yield from ("", "lienthong harvest status · lienthong harvest history · lienthong harvest log RUN", "")


def _plain(text: str) -> str:
    """Give a text as one line without control characters, bounded."""
    kept = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    kept = " ".join(kept.split())
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST]} …"


def _row(item: Item) -> dict[str, Any]:
    texts = {"vi": _plain(item.vietnamese), "en": _plain(item.english)}
    row = {"id": item.id, "kind": item.kind, "source": item.source, "run": item.run, "at": clock.iso(item.at)}
    return {**row, "message": texts}
