"""Files that lie on a web server: fetched when they changed, then read like any file.

In: the addresses of a source, and what the last harvest remembered of them (ETag and Last-Modified, RFC 9110, 13.1).
Out: the files, streamed to a temporary folder that lasts as long as they are read, under names that stay the same; or
word that nothing has changed. When one of several has changed all are read, for only together do they tell the ids. For
a look, their beginnings alone are fetched.
"""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from harvesters.base import SourceSpec
from harvesters.errors import HarvestError, SourceBroken, SourceRefused
from harvesters.files.paths import Found
from harvesters.limits import BYTES
from harvesters.masking import masked
from harvesters.options import Option

if TYPE_CHECKING:
    from harvesters.http import Answer, Http

#: a file is larger than a page of a list
FILE_ANSWER: Final = Option(BYTES.name, str(1 << 30), "bytes that come for one file from a web server", 1, 1 << 31)
_ROOM: Final = "lienthong-files-"
#: seconds after which nobody reads such a folder any more
_LEFT: Final = 2 * 86400
_FOUND, _PART, _UNCHANGED = 200, 206, 304
#: bytes of a file by which it is looked at
BEGINNING: Final = 1 << 20
#: what a server says of a file that tells people what it is, and how old
_TOLD: Final = ("Content-Type", "Last-Modified", "ETag")
_LONGEST: Final = 200
_ENCODINGS: Final = ("", "identity", "gzip", "x-gzip")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files by address; `unchanged` when all are as they were; `remember` is for the next time."""

    files: Mapping[str, Found] = field(default_factory=dict)
    unchanged: bool = False
    remember: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of a file: what the server says of it (`told`), its bytes there, and whether there is more of it.

    Where the server does not give it, `fault` says why.
    """

    file: Found
    told: Mapping[str, str] = field(default_factory=dict)
    bytes: int | None = None
    cut: bool = False
    fault: str = ""


@contextmanager
def begun(spec: SourceSpec, addresses: list[str], contact: str) -> Iterator[Mapping[str, Begun]]:
    """Fetch the beginnings of files, by address; they are gone when the block ends."""
    from harvesters.http import Http  # noqa: PLC0415  (paths alone need no HTTP client)

    with _room(spec.shared) as folder, Http(spec.options, contact, spec.shared) as http:
        fetching = _Fetching(spec, http, Path(folder))
        yield {address: fetching.beginning(address) for address in addresses}


@contextmanager
def fetched(spec: SourceSpec, addresses: list[str], contact: str) -> Iterator[Fetched]:
    """Fetch the files; they are gone when the block ends. Raises `HarvestError`."""
    from harvesters.http import Http  # noqa: PLC0415  (paths alone need no HTTP client)

    options = {BYTES.name: FILE_ANSWER.default, **spec.options}
    with _room(spec.shared) as folder, Http(options, contact, spec.shared) as http:
        yield _Fetching(spec, http, Path(folder)).all(addresses)


def _room(shared: str) -> tempfile.TemporaryDirectory[str]:
    """Give a folder of our own; what killed processes left there two days ago is cleared away."""
    if shared:
        Path(shared).mkdir(parents=True, exist_ok=True)
        for left in Path(shared).glob(f"{_ROOM}*"):
            with suppress(OSError):  # another process clears it at this moment
                if time.time() - left.stat().st_mtime > _LEFT:
                    shutil.rmtree(left)
    return tempfile.TemporaryDirectory(prefix=_ROOM, dir=shared or None)


@dataclass(frozen=True)
class _Fetching:
    spec: SourceSpec
    http: "Http"
    folder: Path

    def all(self, addresses: list[str]) -> Fetched:
        known = _known(self.spec)
        answers: dict[str, Answer] = {}
        for address in addresses:
            answers[address] = self._one(address, known.get(address, {}))
        if all(answer.status == _UNCHANGED for answer in answers.values()):
            return Fetched(unchanged=True, remember=self.spec.remembered)
        for address in [address for address, answer in answers.items() if answer.status == _UNCHANGED]:
            answers[address] = self._one(address, {})
        files = {address: self._found(address) for address in addresses}
        return Fetched(files, remember=_remember(self.spec, answers))

    def beginning(self, address: str) -> Begun:
        """Fetch the beginning of a file, whether the server minds that no more is asked for or not."""
        try:
            # One byte more shows whether there is more, where the server does not say how much there is.
            answer = self._download(address, {"Range": f"bytes=0-{BEGINNING}"}, BEGINNING + 1)
            _accept(answer, (_FOUND, _PART))
        except HarvestError as error:
            self._path(address).touch()
            return Begun(self._found(address), fault=error.message)
        came = self._path(address).stat().st_size
        told = {name: answer.headers[name][:_LONGEST] for name in _TOLD if answer.headers.get(name)}
        size = _size(answer) or (came if came <= BEGINNING else None)
        return Begun(self._found(address), told, size, came > BEGINNING)

    def _one(self, address: str, conditions: Mapping[str, str]) -> "Answer":
        answer = self._download(address, conditions, 0)
        _accept(answer, (_FOUND, _UNCHANGED) if conditions else (_FOUND,))
        return answer

    def _download(self, address: str, headers: Mapping[str, str], most: int) -> "Answer":
        from harvesters.http import Asked  # noqa: PLC0415

        # A file is kept as it lies there: packed, if it is packed; another coding would only be undone again.
        headers = {"Accept-Encoding": "identity", **headers}
        with self._path(address).open("wb") as file:
            return self.http.download(Asked(address, headers=headers, most=most), file)

    def _path(self, address: str) -> Path:
        return self.folder / hashlib.sha256(address.encode()).hexdigest()[:32]

    def _found(self, address: str) -> Found:
        path = self._path(address)
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        return Found(path, masked(address), f"{address}\0{content}")


def _size(answer: "Answer") -> int | None:
    """Give how large the server says that the whole file is (RFC 9110, 14.4 and 8.6), None when it does not say."""
    told = answer.headers.get("Content-Range", "").rpartition("/")[2] if answer.status == _PART else None
    told = answer.headers.get("Content-Length", "") if told is None else told
    return int(told) if told.isascii() and told.isdigit() else None


def _accept(answer: "Answer", expected: tuple[int, ...]) -> None:
    status, coding = answer.status, answer.headers.get("Content-Encoding", "").strip().lower()
    if status == _UNCHANGED and status in expected:
        return
    if status not in expected:
        shown = {401: "wants a login", 403: "forbids access", 404: "has no such file", 410: "has the file no longer"}
        reason = shown.get(status, "does not give the file")
        raise SourceRefused(f"http-{status}", f"the server {reason} (HTTP {status})", answer.url)
    if coding not in _ENCODINGS:
        raise SourceBroken("encoding-unknown", f"the file is compressed as {coding[:40]!r}, unasked", answer.url)


def _asked(spec: SourceSpec) -> str:
    """Name what the records depend on besides the files: with another answer, unchanged files say nothing."""
    told = json.dumps([spec.url, sorted((name, spec.options.get(name, "")) for name in ("complete", "id"))])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _remember(spec: SourceSpec, answers: Mapping[str, "Answer"]) -> str:
    marks = {
        address: {
            condition: answer.headers[name][:1000]
            for name, condition in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
            if answer.headers.get(name, "").isprintable() and answer.headers.get(name, "").isascii()
            if answer.headers.get(name)
        }
        for address, answer in answers.items()
    }
    return json.dumps({"asked": _asked(spec), "marks": marks}) if all(marks.values()) else ""


def _known(spec: SourceSpec) -> dict[str, dict[str, str]]:
    try:
        found = json.loads(spec.remembered) if spec.remembered else {}
        return dict(found["marks"]) if found.get("asked") == _asked(spec) else {}
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
