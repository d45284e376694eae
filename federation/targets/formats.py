"""The formats in which records of targets are taken over, each one by itself or several as one file.

In: `Hit`s. Out: bytes. Raises `DecodeError` for a record that could not be read, `EncodeError` for what a format cannot
hold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from federation.targets.hits import Hit
from schemas.bib import Bib
from schemas.crosswalks.bib_dc import oai_dc
from schemas.crosswalks.bib_mods import mods
from schemas.errors import DecodeError
from schemas.marc import straight
from schemas.marc.write import SLIM

_XML: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Format:
    """How a record is written (from its MARCXML and its internal record), and what stands around several."""

    write: Callable[[bytes, Bib], bytes]
    before: bytes = b""
    between: bytes = b""
    behind: bytes = b""


def _around(head: str, name: str) -> tuple[bytes, bytes, bytes]:
    return _XML + f"<{head}>\n".encode(), b"\n", f"</{name}>\n".encode()


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "marcxml": Format(lambda marcxml, _: marcxml, *_around(f'collection xmlns="{SLIM}"', "collection")),
        "marc": Format(lambda marcxml, _: straight.marc(marcxml)),
        "mods": Format(
            lambda _, bib: mods(bib, bib.control_number).encode(),
            *_around('modsCollection xmlns="http://www.loc.gov/mods/v3"', "modsCollection"),
        ),
        "oai_dc": Format(lambda _, bib: oai_dc(bib).encode(), *_around("records", "records")),
    }
)


def written(hit: Hit, form: str) -> bytes:
    """Give a record in a format."""
    if hit.bib is None:
        raise DecodeError("record-unreadable", hit.fault)
    return FORMATS[form].write(hit.marcxml, hit.bib)


def together(records: Iterable[bytes], form: str) -> bytes:
    """Give records that were written in a format as one file."""
    how = FORMATS[form]
    return how.before + b"".join(record + how.between for record in records) + how.behind
