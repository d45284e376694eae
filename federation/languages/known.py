"""Which languages there are: those of the package and those of a home, found by listing folders.

In: the home. Out: `Languages`, with the faults of what could not be used: a broken file costs its own language, never
the others. A folder of the home that has the name of a shipped language changes single words of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from federation.languages.language import Language
from federation.languages.making import HOUSE, base_of, made
from federation.languages.messages import Fault, Messages, Unreadable, read

SHIPPED: Final = Path(__file__).parent.parent / "web" / "translations"
FOLDER: Final = "translations"
FILE: Final = Path("LC_MESSAGES", "messages.po")
#: BCP 47: a language of two or three letters, then script, region or variant
_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages by code, that of the house first; `faults`: what is wrong in files of translations."""

    known: Mapping[str, Language]
    faults: tuple[Fault, ...] = ()

    def find(self, code: str | None) -> Language | None:
        """Find a language; None when the house does not speak it."""
        return self.known.get(code) if code else None

    def speaking(self, code: str | None) -> Language:
        """Find a language, or give that of the house."""
        return self.known.get(code or HOUSE) or self.known[HOUSE]

    def __iter__(self) -> Iterator[Language]:
        """Go through the languages."""
        return iter(self.known.values())


def file_of(home: Path, code: str) -> Path:
    """Give the file in a home that holds the words of a language."""
    return home / FOLDER / code / FILE


def is_code(code: str) -> bool:
    """Tell whether this can be the code of a language."""
    return _CODE.fullmatch(code) is not None


def known(home: Path | None = None) -> Languages:
    """Read all languages, those of a home too."""
    faults: list[Fault] = []
    said: dict[str, list[Messages]] = {}
    for folder in (SHIPPED, *([home / FOLDER] if home else [])):
        for code, file in _files(folder, faults):
            try:
                messages = read(file)
            except Unreadable as error:
                faults.append(error.fault)
            else:
                faults.extend(messages.faults)
                said.setdefault(code, []).append(messages)
    found = _based(said, faults, home)
    return Languages({HOUSE: found[HOUSE], **found}, tuple(faults))


def _files(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, Path]]:
    try:
        found = sorted(each for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))
    except FileNotFoundError:
        return
    except OSError as error:
        faults.append(Fault(folder, 0, f"cannot be read: {error.strerror}"))
        return
    for each in found:
        if is_code(each.name):
            yield each.name, each / FILE
        else:
            faults.append(Fault(each, 0, "is no code of a language: two or three small letters, as in hre or pt-BR"))


def _based(said: Mapping[str, list[Messages]], faults: list[Fault], home: Path | None) -> dict[str, Language]:
    """Make the languages, each after the one it falls back to; a base that is nowhere is the house's language."""
    found: dict[str, Language] = {}
    waiting = {code: base_of(code, said[code]) for code in said}
    while waiting:
        ready = [code for code, base in waiting.items() if not base or base in found]
        # Nobody can be made: their bases are missing, or lead in a circle.
        for code in ready or [code for code, base in waiting.items() if base not in waiting] or list(waiting):
            base = waiting.pop(code)
            if code not in ready:
                what = f"its base {base!r} is no language that it can fall back to; {HOUSE} is taken"
                faults.append(Fault(file_of(home or SHIPPED, code), 0, what))
            found[code] = made(code, said[code], found.get(base, found[HOUSE]) if base else None)
    return {code: found[code] for code in said}
