"""Records for the tests of this folder: ISO 2709 bytes made by hand, hypothesis strategies, the list of real files."""

import gzip
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from pathlib import Path

from hypothesis import strategies as st

from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, Subfield

TITLE = ("245", b"10\x1faTi\xe1\xbb\x83u thuy\xe1\xba\xbft")


def iso(*fields: tuple[str, bytes], status: str = "nam a") -> bytes:
    """Write ISO 2709 with right lengths and directory; a field is its tag and its bytes without terminator."""
    directory, body = "", b""
    for tag, content in fields:
        directory += f"{tag}{len(content) + 1:04}{len(body):05}"
        body += content + b"\x1e"
    start = 25 + len(directory)
    leader = f"{start + len(body) + 1:05}{status}22{start:05}   4500"
    return (leader + directory).encode() + b"\x1e" + body + b"\x1d"


class Drip(RawIOBase):
    """A stream that gives one byte for each read, whatever it is asked for."""

    def __init__(self, content: bytes) -> None:
        self._inner = BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(1)


class Endless(RawIOBase):
    """A stream that repeats `content` for ever and counts what was taken."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        part = (self._content * (size // len(self._content) + 2))[self.taken % len(self._content) :][:size]
        self.taken += len(part)
        return part


def records(text: st.SearchStrategy[str], tags: st.SearchStrategy[str]) -> st.SearchStrategy[MarcRecord]:
    """Records of any shape that the type allows, with these texts and tags."""
    code = st.one_of(st.sampled_from("abcnp6"), text.map(lambda value: value[:1]))
    subfields = st.lists(st.builds(Subfield, code, text), max_size=4).map(tuple)
    field = st.one_of(
        st.builds(Field, st.sampled_from(["001", "005", "008"]), text),
        st.builds(Field, tags, st.just(""), st.sampled_from(["  ", "10", " 4"]), subfields),
        st.builds(Field, tags, text, text, subfields),
    )
    leader = st.one_of(st.just(BLANK_LEADER), text)
    return st.builds(MarcRecord, leader, st.lists(field, max_size=6).map(tuple))


NASTY = st.text(
    st.one_of(
        st.sampled_from("aeo \t\n\r\x00\x1b\x1d\x1e\x1f\x85\u2028\u0301\u0323&<>\"'$|\ufffe\ufeff"),
        st.characters(),
    ),
    max_size=12,
)
TAGS = st.one_of(st.sampled_from(["100", "245", "880", "00A", "24", " 24", "", "2456", "9aB", "000"]), NASTY)


def opened(path: Path) -> BytesIO:
    content = path.read_bytes()
    return BytesIO(gzip.decompress(content) if path.suffix == ".gz" else content)


def real_files(folder: Path, xml: bool) -> Iterator[Path]:
    """The MARC files under `marc/`: texts, tables and formats of lines are no MARC and stay out."""
    for path in sorted((folder / "marc").rglob("*")):
        if path.is_file() and path.suffix not in {".txt", ".tsv", ".TXT"} and (".xml" in path.name) == xml:
            yield path
