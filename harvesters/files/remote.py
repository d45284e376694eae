"""Files that lie on a web server: fetched when they changed, then read like any file.

In: the addresses of a source, and what the last harvest remembered of them (ETag and Last-Modified, RFC 9110, 13.1).
Out: the files, streamed to a temporary folder that lasts as long as they are read, under names that stay the same; or
word that nothing has changed. When one of several has changed all are read, for only together do they tell the ids.
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
from harvesters.errors import SourceBroken, SourceRefused
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
_FOUND, _UNCHANGED = 200, 304
_ENCODINGS: Final = ("", "identity", "gzip", "x-gzip")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files by address; `unchanged` when all are as they were; `remember` is for the next time."""

    files: Mapping[str, Found] = field(default_factory=dict)
    unchanged: bool = False
    remember: str = ""


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

    def _one(self, address: str, conditions: Mapping[str, str]) -> "Answer":
        from harvesters.http import Asked  # noqa: PLC0415

        # A file is kept as it lies there: packed, if it is packed; another coding would only be undone again.
        headers = {"Accept-Encoding": "identity", **conditions}
        with self._path(address).open("wb") as file:
            answer = self.http.download(Asked(address, headers=headers), file)
        _accept(answer, bool(conditions))
        return answer

    def _path(self, address: str) -> Path:
        return self.folder / hashlib.sha256(address.encode()).hexdigest()[:32]

    def _found(self, address: str) -> Found:
        path = self._path(address)
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        return Found(path, masked(address), f"{address}\0{content}")


def _accept(answer: "Answer", conditional: bool) -> None:
    status, coding = answer.status, answer.headers.get("Content-Encoding", "").strip().lower()
    if status == _UNCHANGED and conditional:
        return
    if status != _FOUND:
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
