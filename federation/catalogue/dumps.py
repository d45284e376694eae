"""The open data: the whole catalogue as files, made anew when something has changed since.

In: the catalogue and a folder. Out: a folder beside the others with the files, and then, in one step, the list that
says it is the current one: who downloads gets files that belong together, and a dump that ends early leaves the old
one. The one before is kept, for downloads under way.
"""

import hashlib
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from isal import isal_zlib

from federation import clock
from federation.catalogue.catalogue import Catalogue
from federation.catalogue.formats import FORMATS, Format, Wrapping
from federation.catalogue.records import ChangesWindow, UnionRecord
from federation.config import Settings
from federation.errors import Unavailable
from schemas.errors import SchemaError

log = logging.getLogger(__name__)

#: goes up when the files would be written differently from the same records
VERSION: Final = 1
MANIFEST: Final = "current.json"
MEDIA_TYPE: Final = "application/gzip"
_GZIP: Final = 31  # zlib's number for the format of gzip
_LEVEL: Final = 2
#: records between two looks at whether to go on
_OFTEN: Final = 200
_KEPT: Final = 2
_STAMP: Final = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_MAKING: Final = ".making-"
_ABANDONED_SECONDS: Final = 24 * 3600


class File(msgspec.Struct, frozen=True):
    """One file: what it is called, of which format, how large, and the records that the format could not hold."""

    name: str
    format: str
    label: str
    media_type: str
    bytes: int
    sha256: str
    left_out: int


class Dump(msgspec.Struct, frozen=True):
    """One dump: `stamp` names its folder, `horizon` is the time up to which (not including) it has every change."""

    stamp: str
    version: int
    names: str
    horizon: datetime
    made_at: datetime
    seconds: float
    records: int
    files: tuple[File, ...]


def _lines() -> Format:
    form = _form("json")
    return Format("jsonl", "JSON", "jsonl", "application/jsonl", form.write, many=Wrapping(inner=_line(form)))


def _line(form: Format) -> Callable[[UnionRecord], bytes]:
    return lambda record: form.write(record) + b"\n"


def _form(name: str) -> Format:
    return next(form for form in FORMATS if form.name == name)


def forms() -> tuple[Format, ...]:
    """Give the formats that are dumped."""
    return (_form("marc"), _form("marcxml"), _lines())


def folder(settings: Settings) -> Path:
    """Give the folder of the open data."""
    return Path(settings.dumps_folder).expanduser() if settings.dumps_folder else settings.home / "dumps"


def current(place: Path) -> Dump | None:
    """Give the dump that is current; None when there is none, or none that can be read."""
    try:
        return msgspec.json.decode((place / MANIFEST).read_bytes(), type=Dump)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("%s cannot be read: %s", place / MANIFEST, error)
        return None


def path(place: Path, dump: Dump, name: str) -> Path | None:
    """Give the place of a file of a dump; None when the dump has none of this name."""
    found = next((file for file in dump.files if file.name == name), None)
    return place / dump.stamp / found.name if found else None


def looked_at(place: Path) -> datetime | None:
    """Give when somebody last looked whether the dump is still good; None when there is none."""
    try:
        return datetime.fromtimestamp((place / MANIFEST).stat().st_mtime, clock.now().tzinfo)
    except OSError:
        return None


def make(
    catalogue: Catalogue, settings: Settings, progress: Callable[..., None] = lambda: None, force: bool = False
) -> Dump | None:
    """Make a dump; gives None when nothing has changed since the current one. `progress` may raise to end it."""
    place, names = folder(settings), f"{settings.repository_id} {settings.public_url}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        standing = current(place)
        if standing and not force and standing.names == names and not _changed(catalogue, place, standing):
            _look(place)
            return None
        made = _made(catalogue, place, names, progress)
        _announce(place, made)
        _look(place)
        _tidy(place, made)
    except OSError as error:
        raise Unavailable("dumps-unwritable", f"{error.strerror}; see LIENTHONG_DUMPS_FOLDER", str(place)) from error
    return made


def _look(place: Path) -> None:
    """Note that somebody has looked."""
    moment = clock.now().timestamp()
    os.utime(place / MANIFEST, (moment, moment))


def _changed(catalogue: Catalogue, place: Path, dump: Dump) -> bool:
    whole = all((place / dump.stamp / file.name).is_file() for file in dump.files)
    if dump.version != VERSION or not whole:
        return True
    return len(catalogue.changes(ChangesWindow(from_=dump.horizon, limit=1))) > 0


def _made(catalogue: Catalogue, place: Path, names: str, progress: Callable[..., None]) -> Dump:
    begun, horizon, now = time.monotonic(), catalogue.horizon(), clock.now()
    draft = Path(tempfile.mkdtemp(prefix=_MAKING, dir=place))
    try:
        with ExitStack() as open_files:
            streams = [_Stream(form, draft, open_files) for form in forms()]
            count = _write(catalogue.every(), streams, progress)
            files = tuple(stream.end() for stream in streams)
        draft.chmod(0o755)
        stamp = _named(place, f"{now:%Y%m%dT%H%M%SZ}")
        draft.rename(place / stamp)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Dump(stamp, VERSION, names, horizon, now, round(time.monotonic() - begun, 1), count, files)


def _named(place: Path, stamp: str) -> str:
    names = (stamp, *(f"{stamp}-{number}" for number in range(2, 100)))
    return next(name for name in names if not (place / name).exists())


def _write(records: Iterable[UnionRecord], streams: "list[_Stream]", progress: Callable[..., None]) -> int:
    count = 0
    for count, record in enumerate(records, 1):
        for stream in streams:
            stream.add(record)
        if count % _OFTEN == 0:
            progress()
    return count


@dataclass
class _Stream:
    """One file under way."""

    form: Format
    folder: Path
    open_files: ExitStack
    left_out: int = 0
    written: int = 0
    between: bytes = b""
    digest: Any = field(default_factory=hashlib.sha256)
    packer: Any = field(default_factory=lambda: isal_zlib.compressobj(_LEVEL, wbits=_GZIP))

    def __post_init__(self) -> None:
        self.name = f"union.{self.form.extension}.gz"
        self.file: BinaryIO = self.open_files.enter_context((self.folder / self.name).open("wb"))
        self._put(self.packer.compress(self.form.many.before))

    def add(self, record: UnionRecord) -> None:
        """Write a record, or count it where the format cannot hold it: it is in the others."""
        try:
            content = (self.form.many.inner or self.form.write)(record)
        except SchemaError as error:
            self.left_out += 1
            log.warning("record %d is not in %s: %s", record.id, self.name, error)
            return
        self._put(self.packer.compress(self.between + content))
        self.between = self.form.many.between

    def end(self) -> File:
        """Write what stands behind the records, and see it safely on the disk."""
        self._put(self.packer.compress(self.form.many.behind))
        self._put(self.packer.flush())
        self.file.flush()
        os.fsync(self.file.fileno())
        form = self.form
        return File(
            self.name, form.name, form.label, form.media_type, self.written, self.digest.hexdigest(), self.left_out
        )

    def _put(self, packed: bytes) -> None:
        self.file.write(packed)
        self.digest.update(packed)
        self.written += len(packed)


def _announce(place: Path, made: Dump) -> None:
    draft = place / f"{MANIFEST}.part"
    with draft.open("wb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(made)))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(place / MANIFEST)


def _tidy(place: Path, made: Dump) -> None:
    """Take away dumps before the last two, and what makers that died left a day ago."""
    stamps = sorted(each.name for each in place.iterdir() if each.is_dir() and _STAMP.fullmatch(each.name))
    gone = [place / stamp for stamp in stamps if stamp != made.stamp][: -(_KEPT - 1)]
    drafts = place.glob(f"{_MAKING}*")
    gone += [draft for draft in drafts if draft.stat().st_mtime < time.time() - _ABANDONED_SECONDS]
    for each in gone:
        shutil.rmtree(each, ignore_errors=True)
