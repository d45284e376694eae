"""An XML answer of a server: parsed strictly, its parts found by local name, payloads cut out as received.

In: the bytes of one answer and which protocol it should be of. Out: the root element, or `SourceBroken` that says what
came instead and at which byte. A payload is the very bytes between the tags around it when the answer is UTF-8 and the
payload needs no namespace declared outside it; otherwise lxml writes it with the namespaces it inherits, always alike.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from lxml import etree

from harvesters.errors import HarvestError, SourceBroken, SourceRefused
from harvesters.http import Answer

R = TypeVar("R")
log = logging.getLogger(__name__)
_PROLOG: Final = re.compile(rb"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
_DECLARED: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_NAMESPACE: Final = re.compile(rb"\sxmlns(?::([^\s=]+))?\s*=")
_UNPREFIXED: Final = re.compile(rb"<[^\s<>:/!?][^\s<>:]*[\s/>]")
# What libxml2 would decode by other means could hide a DOCTYPE from the look below.
_ENCODINGS: Final = re.compile(rb"(?i)utf-?8|us-ascii|ascii|utf-?16(?:le|be)?|iso-8859-\d+|windows-125\d|latin-?1")
#: letters of what the parser says: it repeats names, of whatever length
_MOST_SAID: Final = 300
_UTF8: Final = ("utf-8", "utf8", "us-ascii", "ascii")


@dataclass(frozen=True, slots=True)
class Language:
    """A protocol by its answers: its name, the code of the fault when something else comes, its root elements."""

    name: str
    fault: str
    roots: tuple[str, ...]


class PageBroken(SourceBroken):
    """An answer that is not well-formed or not of the protocol, with the answer itself."""

    answer: Answer | None = None


def persistently(
    ask: Callable[[], R], rescued: Callable[[Answer, str], R | None], refusals: tuple[type[Exception], ...] = ()
) -> R:
    """Ask, and once more when what came is not well-formed. Of two broken answers the longer one is given to `rescued`
    with what is wrong with it; where nothing comes of it, the first fault is raised. `refusals` are how a peer says no
    the second time, besides `HarvestError`.
    """
    try:
        return ask()
    except PageBroken as first:
        if first.code not in ("page-not-well-formed", "answer-empty"):
            raise
        log.warning("%s; asking for the page again", first)
        broken = [first]
        failures: tuple[type[Exception], ...] = (*refusals, HarvestError)
        try:
            return ask()
        except failures as second:
            broken += [second] if isinstance(second, PageBroken) else []
        best = max(broken, key=lambda each: len(each.answer.content) if each.answer else 0)
        found = rescued(best.answer, best.message) if best.answer and best.code == "page-not-well-formed" else None
        if found is None:
            # What the first answer showed is the fault to tell: a token, for one, may be good only once.
            raise first from None
        log.warning("%s; it is cut into its records", best)
        return found


def believed(answer: Answer, language: Language) -> Any:
    """Parse an answer; one with an HTTP error is believed only when it is of the protocol all the same."""
    try:
        return parsed(answer.content, answer.url, language)
    except SourceBroken as error:
        if answer.status < 300:
            broken = PageBroken(error.code, error.message, error.where)
            broken.answer = answer
            raise broken from None
        shown = {401: "wants a login", 403: "forbids access", 404: "knows no such page", 410: "has moved for good"}
        reason = shown.get(answer.status, "refuses the request")
        raise SourceRefused(
            f"http-{answer.status}", f"the server {reason} (HTTP {answer.status})", answer.url
        ) from None


def parsed(content: bytes, where: str, language: Language) -> Any:
    """Give the root element of a whole, well-formed answer; raises `SourceBroken` for anything else."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise SourceBroken("answer-empty", "the server answered with nothing", where)
    _refuse_prolog(content, where, language)
    root = element(content, where)
    if etree.QName(root).localname not in language.roots:
        other = f"this is not {language.name} but XML with the root element {root.tag}"
        raise SourceBroken(language.fault, other, where)
    return root


def element(content: bytes, where: str = "") -> Any:
    """Give the root element of well-formed XML, strictly; raises `SourceBroken`."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_blank_text=False, recover=False
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", 0), getattr(error, "offset", 0)
        byte = _position(content, line or 1, column or 1)
        said = (getattr(error, "msg", "") or str(error))[:_MOST_SAID]
        message = f"the XML is not well-formed at byte {byte} of {len(content)}: {said}"
        raise SourceBroken("page-not-well-formed", message, where) from None


def _refuse_prolog(content: bytes, where: str, language: Language) -> None:
    text = _as_ascii(content)
    begin = text[_PROLOG.match(text).end() :][:200].lower()  # type: ignore[union-attr]
    if begin.startswith((b"<!doctype html", b"<html")) or not begin.startswith(b"<"):
        raise SourceBroken(language.fault, f"not {language.name} but {_described(text)}", where)
    if begin.startswith(b"<!doctype"):
        raise SourceBroken("doctype-refused", f"the answer has a DOCTYPE, which {language.name} never has", where)
    declared = _DECLARED.match(text.lstrip())
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise SourceBroken("encoding-unknown", f"the answer says its encoding is {declared[1].decode()}", where)


def _as_ascii(content: bytes) -> bytes:
    """Give the answer in an encoding in which its markup is ASCII."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if marked or b"\0" in content[:4]:
        content = content.decode("utf-16" if marked else "utf-16-be", "replace").encode()
    return content.removeprefix(b"\xef\xbb\xbf")


def _described(text: bytes) -> str:
    title = re.search(rb"(?is)<title[^>]*>(.*?)</title", text[:65536])
    if b"<html" in text[:4096].lower() or b"<!doctype html" in text[:4096].lower():
        shown = " ".join(title[1].decode("utf-8", "replace").split())[:120] if title else "without a title"
        return f"a web page ({shown}), perhaps a login or an error"
    return f"something that begins with {text[:60]!r}"


def _position(content: bytes, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = content.find(b"\n", start) + 1
    return min(len(content), start + column - 1)


def payload(wrapper: Any, piece: bytes | None) -> bytes:
    """Give what stands in an element: its very bytes (`piece`) where they mean the same when they stand alone; the
    element itself when it holds none or several.
    """
    children = list(wrapper.iterchildren(etree.Element))
    if len(children) != 1:
        return written(wrapper)
    return piece if piece is not None and _stands_alone(piece, wrapper, children[0]) else written(children[0])


def written(element: Any) -> bytes:
    """Give an element as bytes, with the namespaces it inherits."""
    return bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False))


def _stands_alone(piece: bytes, wrapper: Any, child: Any) -> bool:
    """Say whether the bytes mean the same when they are taken out of the page."""
    if len(wrapper) != 1 or not piece.startswith(b"<"):
        return False
    declared = set(_NAMESPACE.findall(piece[: piece.index(b">")]))
    for prefix in wrapper.nsmap:
        if (prefix or "").encode() in declared:
            continue
        if prefix is None and (child.prefix is None or _UNPREFIXED.search(piece)):
            return False
        if prefix is not None and prefix.encode() + b":" in piece:
            return False
    return True


@cache
def _tags(name: str) -> re.Pattern[bytes]:
    # Comments, CDATA and instructions are stepped over; elsewhere in well-formed XML a `<` begins a tag.
    return re.compile(
        rb"<(?:!--.*?--|!\[CDATA\[.*?\]\]|\?.*?\?"
        rb"|(/?)(?:[^\s<>:/=\"'!?]+:)?" + name.encode() + rb"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)?(/?))>",
        re.DOTALL,
    )


def spans(content: bytes, name: str) -> list[bytes]:
    """Cut out what stands between the outermost tags of this name, in order."""
    found, depth, start = [], 0, 0
    for tag in _tags(name).finditer(content):
        closing, empty = tag.group(1, 2)
        if closing is None:
            continue
        if closing:
            depth -= 1
            if depth == 0:
                found.append(content[start : tag.start()].strip())
        elif not empty:
            depth += 1
            start = tag.end() if depth == 1 else start
        elif depth == 0:
            found.append(b"")
    return found


def is_utf8_declared(content: bytes) -> bool:
    """Whether bytes whose markup is ASCII are to be read as UTF-8."""
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    return declared is None or declared[1].decode("ascii").lower() in _UTF8


def is_utf8(root: Any) -> bool:
    """Whether an answer was parsed as UTF-8."""
    return (root.getroottree().docinfo.encoding or "utf-8").lower() in _UTF8


def named(element: Any, name: str) -> bool:
    """Whether an element has this local name."""
    return isinstance(element.tag, str) and etree.QName(element).localname == name


def child(element: Any, name: str) -> Any:
    """Give the first child with a local name, or None."""
    return next((child for child in element if named(child, name)), None)


def texts(root: Any, *path: str) -> list[str]:
    """Give the stripped texts of all elements at a path below the root, in whatever namespace."""
    found = [root]
    for name in path:
        found = [child for element in found for child in element if named(child, name)]
    return [(element.text or "").strip() for element in found]
