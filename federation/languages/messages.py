"""The words of one file of translations, read strictly: what an editor's slip broke is told with its line.

In: a `.po` file (GNU gettext, section "The Format of PO Files"; UTF-8). Out: `Messages`. A file that cannot be read as
a whole raises `Unreadable`; a single translation that would break a page (a placeholder that is not the original's, a
lone %) is left out, with a `Fault`, and its page falls back to the base language.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from gettext import c2py
from io import BytesIO
from pathlib import Path
from typing import Final, cast

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

#: what a line may be that is no comment and not empty
_LINE: Final = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d{1,2}\])?\s*"(\\.|[^"\\])*"')
_RULE: Final = 'a text stands in quotation marks, and such a mark inside of it is written \\"'
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")
#: numbers a plural rule is tried with: no rule of a language looks at more than the last three digits
_TRIED: Final = range(1_200)
_MOST_BYTES: Final = 8_000_000
#: Vietnamese and its neighbours have one form for one and many; languages that CLDR does not know are taken for such
ONE_FORM: Final = "nplurals=1; plural=0;"
#: a context (empty: none) and the original
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file of translations, and on which line (0: nowhere in particular)."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class Unreadable(Exception):
    """A file of translations that cannot be used at all."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Messages:
    """What a file says: its header, the originals it translates, its captions (those with a context), its faults."""

    header: Mapping[str, str] = field(default_factory=dict)
    done: frozenset[Key] = frozenset()
    captions: Mapping[Key, str] = field(default_factory=dict)
    translations: Translations = field(default_factory=Translations)
    faults: tuple[Fault, ...] = ()


def read(file: Path) -> Messages:
    """Read a file; raises `Unreadable` naming the line that is wrong."""
    try:
        seen = file.stat()
        return _read(file, seen.st_mtime_ns, seen.st_size)
    except OSError as error:
        raise Unreadable(Fault(file, 0, f"cannot be read: {error.strerror}")) from error


# Every process and every test that makes an application reads the same few files.
@lru_cache(maxsize=64)
def _read(file: Path, _changed: int, size: int) -> Messages:
    if size > _MOST_BYTES:
        raise Unreadable(Fault(file, 0, f"has more than {_MOST_BYTES:,} bytes: is it a file of translations?"))
    catalog = parsed(file)
    plural = _plural(file, catalog)
    said = [message for message in catalog if message.id and _said(message, catalog.num_plurals)]
    wrong = {key(message): Fault(file, message.lineno or 0, what) for message in said if (what := _wrong(message))}
    sound = [message for message in said if key(message) not in wrong]
    for message in said:
        if key(message) in wrong:
            catalog.delete(message.id, message.context)
    return Messages(
        header={name.lower(): value for name, value in catalog.mime_headers},
        done=frozenset(map(key, sound)),
        captions={key(each): str(each.string) for each in sound if each.context},
        translations=_compiled(catalog, plural),
        faults=tuple(wrong.values()),
    )


def parsed(file: Path) -> Catalog:
    """Read a file as the catalogue of Babel; raises `Unreadable`."""
    lines = list(_lines(file))
    try:
        catalog = read_po(lines, abort_invalid=True)
    except PoFileError as error:
        # It counts lines from nought.
        raise Unreadable(Fault(file, error.lineno + 1, str(error).rpartition(" on ")[0])) from error
    except (ValueError, LookupError, TypeError) as error:
        raise Unreadable(Fault(file, 1, f"its header cannot be read: {error}")) from error
    if catalog.locale is None and not any("Plural-Forms:" in line for line in lines):
        catalog.mime_headers = [("Plural-Forms", ONE_FORM)]
    return catalog


def key(message: Message) -> Key:
    """Give what a message is found by."""
    return message.context or "", _forms(message.id)[0]


def _lines(file: Path) -> Iterator[str]:
    for number, line in enumerate(file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable(Fault(file, number, "is not UTF-8; save the file as UTF-8")) from error
        # Babel passes over what it does not understand; here it is most often a quotation mark inside of a text.
        if text.strip() and not text.lstrip().startswith("#") and not _LINE.fullmatch(text.strip()):
            what = f"{text.strip()[:60]!r} is no line of such a file: {_RULE}"
            raise Unreadable(Fault(file, number, what))
        yield text + "\n"


def _plural(file: Path, catalog: Catalog) -> str:
    """Give the rule that tells one from many, when it gives a form there is for every number."""
    rule = str(catalog.plural_expr)
    with suppress(ValueError, ArithmeticError):
        choose = c2py(rule)
        if all(choose(number) in range(catalog.num_plurals) for number in _TRIED):
            return rule
    raise Unreadable(
        Fault(file, 1, f"Plural-Forms {catalog.plural_forms!r} is no rule; without forms: nplurals=1; plural=0;")
    )


def _compiled(catalog: Catalog, plural: str) -> Translations:
    content = BytesIO()
    write_mo(content, catalog)
    content.seek(0)
    made = Translations(content)
    made.plural = cast("Callable[[float | Decimal], int]", c2py(plural))
    return made


def _said(message: Message, forms: int) -> bool:
    return not message.fuzzy and all(_forms(message.string)[:forms])


def _wrong(message: Message) -> str:
    """Say why a translation would break a page and is left out; empty when it would not."""
    allowed = set(_PLACEHOLDER.findall(" ".join(_forms(message.id))))
    for text in _forms(message.string):
        if strange := set(_PLACEHOLDER.findall(text)) - allowed:
            return f"%({min(strange)})s is not in the original; this translation is left out"
        if "%" in _PLACEHOLDER.sub("", text):
            return "a % that does not stand in the original breaks the page; this translation is left out"
    return ""


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(each or "" for each in text)
