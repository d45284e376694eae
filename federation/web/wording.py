"""Parts of a record and of a library in words, as every page writes them.

In: parts of a `Bib`, a telephone number as the library states it. Out: text, as a catalogue card has it; the address
that a telephone dials (RFC 3966).
"""

import re
from typing import Final

from schemas.bib import Publication

#: the first number of what is stated; a hyphen between blanks parts two numbers
_NUMBER: Final = re.compile(r"[+(]?[0-9](?:[0-9 ().]|(?<! )-(?! ))*")
_FEWEST_DIGITS: Final = 3


def imprint(publication: Publication) -> str:
    """Write place, publisher and date as a catalogue card does."""
    place = " : ".join(text for text in (publication.place, publication.publisher) if text)
    return ", ".join(text for text in (place, published(publication)) if text)


def published(publication: Publication) -> str:
    """Write when it was published: as the record states it, else the year it is filed under."""
    return publication.date or (str(publication.year) if publication.year else "")


def dialled(phone: str) -> str:
    """Give what a telephone dials for a number as people write it ("(0255) 3822 000, máy lẻ 12"); empty for none."""
    found = _NUMBER.search(phone)
    digits = re.sub(r"[^+0-9]", "", found[0]) if found else ""
    return f"tel:{digits}" if len(digits) >= _FEWEST_DIGITS else ""
