"""Parts of a record and of a library in words, as every page writes them.

In: parts of a `Bib`, a telephone number as the library states it. Out: text, as a catalogue card has it; the address
that a telephone dials (RFC 3966).
"""

import re
from typing import Final

from schemas.bib import Publication

#: digits with what people write between them; two numbers are parted by more than that
_PHONE: Final = re.compile(r"(?:\+|\(\+?)?\d(?:[ .\-()]{0,2}\d){5,14}")


def imprint(publication: Publication) -> str:
    """Write place, publisher and date as a catalogue card does."""
    place = " : ".join(text for text in (publication.place, publication.publisher) if text)
    return ", ".join(text for text in (place, published(publication)) if text)


def dialled(phone: str) -> str:
    """Give what a telephone dials: the first number of a text that may name several, and extensions (RFC 3966)."""
    found = _PHONE.search(phone)
    return "".join(letter for letter in found[0] if letter in "+0123456789") if found else ""


def published(publication: Publication) -> str:
    """Write when it was published: as the record states it, else the year it is filed under."""
    return publication.date or (str(publication.year) if publication.year else "")
