"""What a source says about the encoding of its records.

In: the options of a source. Out: the name by which the readers know the encoding, empty where they are to find it out
record by record. What is good as it stands is never changed, whatever the option says.
"""

from collections.abc import Mapping
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.options import Option, text
from schemas.vietnamese.legacy import OLD, PLAIN

AUTO: Final = "auto"
VALUES: Final = (AUTO, *PLAIN, *OLD)
ENCODING: Final = Option("encoding", AUTO, f"what the records are written in: {', '.join(VALUES)}")


def check(options: Mapping[str, str]) -> None:
    """Raise `SourceRefused` for an encoding that nobody knows."""
    found = text(ENCODING, options)
    if found.lower() not in VALUES:
        message = f"option {ENCODING.name} is {found!r}; write one of {', '.join(VALUES)}"
        raise SourceRefused("option-invalid", message)


def said(options: Mapping[str, str]) -> str:
    """Give the encoding that the option names; empty for `auto`, and for what was never checked."""
    found = text(ENCODING, options).lower()
    return found if found in VALUES and found != AUTO else ""
