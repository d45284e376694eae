"""Languages for tests: the two that are shipped, and one nobody speaks, which is put into a home as a librarian would.

In: a home. Out: `VIETNAMESE` and `ENGLISH`; `plant` writes a translation of every original in Greek letters under the
code `qps`, by way of the template that operators are given. What is not Greek on a page was not translated.
"""

import re
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message
from babel.messages.pofile import read_po, write_po

from federation.catalogue.captions import captions
from federation.languages.known import FILE, SHIPPED, file_of, known
from federation.languages.messages import parsed
from federation.languages.template import template

VIETNAMESE: Final = known().known["vi"]
ENGLISH: Final = known().known["en"]
PSEUDO: Final = "qps"
ITSELF: Final = {"English": "Ψευδο", "EN": "ΨΕ", "ltr": "ltr", "d MMMM yyyy": "yyyy.MM.dd", "en": "vi"}
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_GREEK: Final = "αβκδεφγηιϳκλμνοπϙρστυϝωξψζ"
_LETTERS: Final = str.maketrans(_LATIN + _LATIN.upper(), _GREEK + _GREEK.upper())
_PLACEHOLDERS: Final = re.compile(r"(%\(\w+\)s)")


def greek(text: str) -> str:
    """Write Latin letters as Greek ones, marks left out, and leave placeholders as they are."""
    return "".join(
        part if _PLACEHOLDERS.fullmatch(part) else _plain(part).translate(_LETTERS)
        for part in _PLACEHOLDERS.split(text)
    )


def plant(home: Path, code: str = PSEUDO) -> Path:
    """Put the language into a home; gives its file."""
    catalog = read_po(BytesIO(template(code, parsed(SHIPPED / "vi" / FILE), captions())))
    for message in catalog:
        if message.id:
            message.string = _translated(message)
    file = file_of(home, code)
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_po(stream, catalog)
    return file


def _translated(message: Message) -> str | tuple[str, ...]:
    if message.context == "itself":
        return ITSELF[str(message.id)]
    return greek(message.id) if isinstance(message.id, str) else (greek(message.id[1]),)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
