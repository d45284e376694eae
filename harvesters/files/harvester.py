"""The harvester of files: every piece of every file comes out, as a record or as bytes to be put aside.

In: a source of the kind `files`, on this machine or on web servers; all is read whatever the window, for a file says
nothing of changes (but a web server says whether it has another file than the last time). Out: `Page`s of
some hundred records. A file that is damaged costs only its own rest: the harvest goes on, ends as partial and names it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from harvesters import limits
from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import HarvestError, SourceBroken, SourceRefused
from harvesters.files.ids import Ids
from harvesters.files.paths import Found, find, lines, mark
from harvesters.files.reading import Reading
from harvesters.files.remote import FILE_ANSWER, fetched
from harvesters.options import Option, flag, text, whole
from harvesters.pace import is_address
from schemas.marc.spec import compiled

COMPLETE: Final = Option("complete", "false", "the files are all the source has: what is not in them is deleted")
ID: Final = Option("id", "", "field with the record number (such as 952p) for records without 001")
FILE_BYTES: Final = Option("max_file_bytes", str(32 << 30), "bytes of one file, unpacked", 1)
OPTIONS: Final = (
    *(COMPLETE, ID, FILE_BYTES),
    *(FILE_ANSWER if option.name == FILE_ANSWER.name else option for option in limits.OPTIONS),
)

#: faults of a file in which there is nothing to lose
_NO_RECORDS: Final = ("file-empty", "file-unknown")
_PAGE_RECORDS: Final = 500
_PAGE_BYTES: Final = 8 << 20


@dataclass
class _Course:
    """What is gathered while the files are read."""

    ids: Ids
    files: str
    records: int = 0
    repeated: int = 0
    faults: list[HarvestError] = field(default_factory=list)


class FilesHarvester:
    """Harvests files; checks its options when it is made and finds the files when it is asked for pages."""

    def __init__(self, spec: SourceSpec, contact: str = "") -> None:
        self._spec = spec
        self._contact = contact
        self._complete = flag(COMPLETE, spec.options)
        self._cap = whole(FILE_BYTES, spec.options)
        self._id = text(ID, spec.options)
        limits.limits(spec.options)
        try:
            compiled(self._id or "001")
        except ValueError as error:
            raise SourceRefused("option-invalid", f"option {ID.name} is {self._id!r}: {error}") from None

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:
        """Yield all records of the files, after those of `resume` when no file has changed; raises `HarvestError`."""
        addresses = list(dict.fromkeys(filter(is_address, lines(self._spec.url))))
        if not addresses:
            yield from self._pages(find(self._spec.url), window, resume)
            return
        # Beside files of this machine, which say nothing of changes, the others are always read.
        alone = len(addresses) == len(set(lines(self._spec.url)))
        spec = self._spec if alone else replace(self._spec, remembered="")
        with fetched(spec, addresses, self._contact) as found:
            if found.unchanged:
                told = "nothing has changed: the server says that it has no newer file"
                yield Page((), ending=Ending("success", message=told, remember=found.remember))
                return
            yield from self._pages(find(self._spec.url, found.files), window, resume, found.remember)

    def _pages(self, files: list[Found], window: Window, resume: str, remember: str = "") -> Iterator[Page]:
        course = _Course(Ids(self._id), mark(files))
        passed = _passed(resume, course.files)
        waiting = None
        for records in _parted(self._records(files, course), passed):
            if waiting:
                yield waiting
            passed += len(records)
            waiting = Page(records, _resume(course, passed), sum(len(record.content) for record in records))
        # The last page carries the ending, so it waits until it is known to be the last.
        yield replace(waiting or Page(()), resume="", ending=replace(self._ending(course, window), remember=remember))

    def _records(self, files: Iterable[Found], course: _Course) -> Iterator[Harvested]:
        for file in files:
            try:
                with Reading(file, self._cap) as reading:
                    yield from _named(reading, file.name, course)
            except SourceRefused as error:
                course.faults.append(error)
            else:
                course.faults.extend([reading.fault] if reading.fault else [])

    def _ending(self, course: _Course, window: Window) -> Ending:
        told = "; ".join(str(fault) for fault in course.faults[:20])
        if len(course.faults) > 20:
            told += f"; and {len(course.faults) - 20} files more"
        if not course.records:
            raise _nothing(course.faults, told, self._spec.url)
        again = f"{course.repeated} records stand there more than once with the same content" if course.repeated else ""
        message = "; ".join(filter(None, (told, again)))
        if any(fault.code not in _NO_RECORDS for fault in course.faults):
            return Ending("partial", message=message)
        return Ending("success", self._complete and not course.faults and window == Window(), message=message)


def _named(reading: Reading, name: str, course: _Course) -> Iterator[Harvested]:
    for piece, syntax in reading.pieces():
        found = course.ids.name(piece.content, syntax)
        course.records += 1
        course.repeated += found.repeated
        where = f"{name} record {piece.number}, byte {piece.offset}"
        yield Harvested(found.local_id, piece.content, syntax, where, findings=found.findings)


def _nothing(faults: list[HarvestError], told: str, asked: str) -> HarvestError:
    if len(faults) == 1:
        return faults[0]
    if not faults:
        return SourceRefused("no-records", "the file holds no record", asked)
    kind = SourceRefused if all(isinstance(fault, SourceRefused) for fault in faults) else SourceBroken
    return kind("no-records", f"no file holds a record: {told}", asked)


def _parted(records: Iterator[Harvested], passed: int) -> Iterator[tuple[Harvested, ...]]:
    """Part the records behind the first `passed` into pages, by number and by size."""
    page: list[Harvested] = []
    size = 0
    for number, record in enumerate(records):
        # Those passed over are read all the same: their ids must be known to tell later ones apart.
        if number < passed:
            continue
        page.append(record)
        size += len(record.content)
        if len(page) == _PAGE_RECORDS or size >= _PAGE_BYTES:
            yield tuple(page)
            page, size = [], 0
    if page:
        yield tuple(page)


def _resume(course: _Course, records: int) -> str:
    return json.dumps({"files": course.files, "records": records})


def _passed(resume: str, files: str) -> int:
    try:
        found = json.loads(resume) if resume else {}
        return int(found["records"]) if found.get("files") == files else 0
    except (ValueError, TypeError, KeyError, AttributeError):
        return 0
