"""The charsets a peer of Z39.50 may speak, by all the names they have.

In: a name as an operator or a client writes it. Out: the name under which the house knows it; None for others.
"""

from typing import Final

UTF_8: Final = "utf-8"
MARC_8: Final = "marc-8"
_NAMES: Final = {
    **dict.fromkeys(("utf-8", "utf8"), UTF_8),
    **dict.fromkeys(("marc-8", "marc8"), MARC_8),
    **dict.fromkeys(("latin-1", "latin1", "iso-8859-1"), "latin-1"),
    **dict.fromkeys(("windows-1258", "cp1258"), "cp1258"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
}


def charset(name: str) -> str | None:
    """Give our name of a charset; Python knows it by the same, but for MARC-8."""
    return _NAMES.get(name.strip().lower())
