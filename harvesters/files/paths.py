"""Which files are meant, always in the same order, and a mark that changes when one of them does.

In: paths, folders and globs, one a line. Out: `Found` files, or a `SourceRefused` that names what is not there or may
not be read. Folders are walked to their ends, sorted by name; hidden files (`.name`) and links to folders are left out.
"""

import glob
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from harvesters.errors import SourceRefused


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and the name by which messages call it: relative to the folder that was asked for.

    `mark` changes with the file; without one its place, size and time tell.
    """

    path: Path
    name: str
    mark: str = ""


def lines(asked: str) -> list[str]:
    """Give what is asked for, one thing a line, without blank lines."""
    return [line.strip() for line in asked.splitlines() if line.strip()]


def find(asked: str, fetched: Mapping[str, Found] = MappingProxyType({})) -> list[Found]:
    """Give the files that are meant, those of addresses from `fetched`. Raises `SourceRefused` when there is none."""
    named = ((line, fetched.get(line)) for line in lines(asked))
    found = {file.path: file for line, here in named for file in ([here] if here else _find(line))}
    if not found:
        raise SourceRefused("no-file", "no file is named: give a path, a folder or a glob", asked)
    return list(found.values())


def _find(line: str) -> Iterator[Found]:
    path = Path(line).expanduser()
    try:
        if path.is_dir():
            yield from _below(path)
        elif path.exists():
            yield _regular(path)
        else:
            yield from _matching(line)
    except PermissionError as error:
        raise SourceRefused("no-permission", "we may not read this", str(error.filename or path)) from None


def _below(folder: Path) -> Iterator[Found]:
    count = 0
    for root, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(root, name) for name in sorted(names) if not name.startswith(".")):
            if path.is_file():
                count += 1
                yield Found(path, str(path.relative_to(folder)))
    if not count:
        raise SourceRefused("folder-empty", "there is no file in this folder", str(folder))


def _raise(error: OSError) -> None:
    raise error


def _matching(pattern: str) -> Iterator[Found]:
    expanded = str(Path(pattern).expanduser())
    matches = [Path(match) for match in sorted(glob.glob(expanded, recursive=True))]  # noqa: PTH207  (whole paths)
    files = [path for path in matches if path.is_file()]
    if not files:
        what = "no file fits this pattern" if glob.has_magic(pattern) else "there is no such file"
        raise SourceRefused("no-file", what, pattern)
    yield from (Found(path, path.name) for path in files)


def _regular(path: Path) -> Found:
    if not path.is_file():
        raise SourceRefused("no-file", "this is neither a file nor a folder", str(path))
    return Found(path, path.name)


def mark(files: list[Found]) -> str:
    """Give a short text that stays the same as long as no file changed its place, size or time of change."""
    seen = hashlib.sha256()
    for file in files:
        if file.mark:
            seen.update(file.mark.encode())
            continue
        try:
            status = file.path.stat()
        except OSError:
            continue  # it vanished, or may not be looked at: opening it will say so
        seen.update(f"{file.path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()[:32]
