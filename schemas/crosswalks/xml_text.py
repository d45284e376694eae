"""Text and elements of XML written as strings: what `bib_dc` and `bib_mods` build their answers from.

In: texts of a record. Out: XML 1.0 fragments: markup escaped, characters that XML cannot carry left out. Strings are
built instead of a tree because a harvester asks for hundreds of thousands of them. XML 1.0, 2.2 and 2.4.
"""

import re
from typing import Final

_RARE: Final = re.compile('[&<>"\\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def escaped(text: str) -> str:
    """Escape a text for element content or an attribute in double quotes."""
    if not _RARE.search(text):
        return text
    text = _ILLEGAL.sub("", text).replace("\r", " ")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def element(name: str, text: str, attributes: str = "") -> str:
    """Write one element with text, or nothing when the text is empty; `attributes` is written as it is."""
    content = escaped(text.strip())
    opening = f"{name} {attributes}" if attributes else name
    return f"<{opening}>{content}</{name}>" if content else ""


def wrapped(name: str, content: str, attributes: str = "") -> str:
    """Write one element around XML already written, or nothing when there is none."""
    opening = f"{name} {attributes}" if attributes else name
    return f"<{opening}>{content}</{name}>" if content else ""
