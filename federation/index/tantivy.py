"""The engine on tantivy: a search index in a folder, written by one process and read by many.

In: documents and questions. Out: a commit that other processes see at once, and answers. The folder is opened when it
is first asked for and looked at before every search, so that a door started before `lienthong init` serves after it.
Failures are `Unavailable` with a code: index-missing, -outdated, -corrupt (rebuild it), -busy (another writer), -write.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

import tantivy

from federation.errors import Inconsistent
from federation.index import hits, schema
from federation.index.browse import Headings
from federation.index.counts import Counting, Counts, Words
from federation.index.engine import Document, Found, Question, Row, Scanned
from federation.index.folder import Folder
from federation.index.translate import Asked, Translation
from federation.index.wording import Lexicon, both
from federation.index.writing import TROUBLE, FolderWriter
from schemas.errors import QuerySyntaxError
from schemas.query.tree import And, Node, Not, Or

#: what the writer gathers in memory before it writes a piece to disk
_HEAP: Final = 20_000_000
#: seconds to wait for another writer
_PATIENCE: Final = 10.0
_CHUNK: Final = 5_000
#: queries whose translation is kept
_TRANSLATED: Final = 256
#: terms with one beginning that are looked up each by itself
_MOST_TERMS: Final = 200
#: how often an index that cannot be opened is looked at again: a rebuild may just have replaced it
_TRIES: Final = 3
_PAUSE: Final = 0.05
#: fields whose words are told
_WORDED: Final = [f"{kind}_{field}" for field in ("title", "creator", "subject") for kind in ("plain", "marked")]
#: so many words with so many first letters in common are looked up together
_MANY_ALIKE: Final = 40
_BEGINNING: Final = 3
_Stamp = tuple[int, int, int]
Facets = dict[str, Counts]
#: counts kept for one state of the index
_MOST_KEPT: Final = 512


@dataclass(frozen=True, slots=True)
class _Reader:
    """One state of the index on disk."""

    pointer: _Stamp
    state: _Stamp
    generation: Path
    index: tantivy.Index
    searcher: tantivy.Searcher
    #: what walks through headings need to know, once it was asked for
    headings: dict[str, Headings] = field(default_factory=dict)
    #: queries that were translated last: who asks how many there are asks for the first of them next, and then for more
    translated: dict[Node, Asked] = field(default_factory=dict)
    #: words of numbers, and counts that were made lately: who turns the page asks for the same again
    words: Words = field(default_factory=dict)
    counts: dict[object, Facets] = field(default_factory=dict)


class TantivyEngine:
    """An `Engine` on a folder. It may be used by several threads; it opens nothing before it is asked."""

    def __init__(self, root: Path, patience: float = _PATIENCE) -> None:
        self._folder = Folder(root, schema.layout())
        self._pointer = str(self._folder.pointer)
        self._patience = patience
        self._schema = schema.schema()
        self._exact = schema.exact()
        self._lock = threading.Lock()
        self._reader: _Reader | None = None

    def create(self) -> None:
        """Make an empty index where there is none; one of another format stays until it is rebuilt."""
        if self._folder.exists():
            return
        with self._folder.writing(self._patience):
            if not self._folder.exists():
                self._build(())

    def publish(self, documents: Iterable[Document | Row], removed: Iterable[int]) -> None:
        """As `Writer.publish`, and nothing more; see `writing` for more than one commit."""
        with self.writing() as writer:
            writer.publish(documents, removed)

    @contextmanager
    def writing(self) -> Iterator[FolderWriter]:
        """As `Engine.writing`; other writers wait until it ends."""
        self._folder.current()
        with self._folder.writing(self._patience), self._written(self._folder.current()) as writer:
            yield writer

    def rebuild(self, documents: Iterable[Document | Row]) -> int:
        """Make the index anew beside the old one, which serves until then; give the number of documents.

        They come in order of id, each once; anything else is `Inconsistent`.
        """
        with self._folder.writing(self._patience):
            return self._build(documents)

    def clear(self) -> None:
        """Take everything out."""
        self.rebuild(())

    def close(self) -> None:
        """Give back open files; the engine opens them again when it is asked."""
        with self._lock:
            self._reader = None

    def count(self) -> int:
        """Give the number of documents."""
        return int(self._read().searcher.num_docs)

    def entries(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) of one state of the index, in order of id, some thousands in memory at a time."""
        searcher = self._read().searcher
        first = 0
        while True:
            with self._answering():
                found = hits.entries(searcher, self._schema, first, _CHUNK)
            if not found:
                return
            yield from found
            first = found[-1][0] + 1

    def search(self, question: Question) -> Found:
        """As `Engine.search`; a facet's counts leave its own filter out."""
        reader = self._read()
        asked, translation = self._translated(reader, question.query), self._translation(reader)
        filters = {field: translation.narrowing(field, values) for field, values in question.filters.items() if values}
        with self._answering(asked.broad):
            found = asked.ranked if question.sort == "relevance" and question.limit > 0 else asked.query
            narrowed = both([found, *(narrowing.query for narrowing in filters.values())])
            total, ids = hits.page(reader.searcher, self._schema, narrowed, question, asked.scored)
            counting = Counting(reader.searcher, self._schema, reader.words)
            counted = _kept(reader.counts, question, lambda: counting.facets(asked.query, filters, question))
            return Found(total, ids, counted)

    def values(self, question: Question, facet: str, start: int = 0) -> Iterator[tuple[str, int]]:
        """As `Engine.values`."""
        reader = self._read()
        asked, translation = self._translated(reader, question.query), self._translation(reader)
        others = {field: kept for field, kept in question.filters.items() if kept and field != facet}
        narrowings = [translation.filter(field, kept) for field, kept in others.items()]
        with self._answering(asked.broad):
            counting = Counting(reader.searcher, self._schema, reader.words)
            yield from counting.values(both([asked.query, *narrowings]), facet, question.facet_size, start)

    def likely(self, query: Node, facet: str, most: int, fits: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """As `Engine.likely`."""
        reader = self._read()
        asked = self._translated(reader, query)
        with self._answering(asked.broad):
            counting = Counting(reader.searcher, self._schema, reader.words)
            yield from counting.likely(asked.query, facet, most, fits)

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """As `Engine.frequencies`: of titles, creators and subjects, which are what readers type."""
        searcher = self._read().searcher
        alone, together = _by_beginning(words)
        found: Counter[str] = Counter()
        with self._answering():
            for field in _WORDED:
                found |= Counter({word: count for word in alone if (count := searcher.doc_freq(field, word))})
                for beginning, group in together.items():
                    there = dict(searcher.terms_with_prefix(field, beginning))
                    found |= Counter({word: there[word] for word in group if word in there})
        return dict(found)

    def scan(self, access_point: str, text: str, before: int, after: int) -> Scanned:
        """As `Engine.scan`."""
        reader = self._read()
        with self._answering():
            headings = reader.headings.get(access_point)
            if headings is None:
                headings = reader.headings[access_point] = Headings(reader.searcher, self._schema, access_point)
            return headings.around(text, before, after)

    def _translated(self, reader: _Reader, node: Node) -> Asked:
        shallow = _is_shallow(node)
        found = reader.translated.get(node) if shallow else None
        if found is None:
            found = self._translation(reader).asked(node)
            if len(reader.translated) >= _TRANSLATED:
                reader.translated.clear()
            if shallow:
                reader.translated[node] = found
        return found

    def _translation(self, reader: _Reader) -> Translation:
        return Translation(Lexicon(self._schema, partial(self._begun, reader.searcher)), self._lowered)

    def _begun(self, searcher: tantivy.Searcher, field: str, beginning: str) -> list[str] | None:
        with self._answering():
            found = searcher.terms_with_prefix(field, beginning, limit=_MOST_TERMS + 1)
        return [term for term, _ in found] if len(found) <= _MOST_TERMS else None

    def _lowered(self, text: str) -> str:
        return "".join(self._exact.analyze(text))

    def _build(self, documents: Iterable[Document | Row]) -> int:
        generation = self._folder.begin()
        count = 0
        try:
            with self._written(generation, new=True) as writer, writer.committing():
                for document in _in_order(documents):
                    writer.add(document)
                    count += 1
        except BaseException:
            self._folder.abandon(generation)
            raise
        self._folder.switch(generation)
        return count

    @contextmanager
    def _written(self, generation: Path, new: bool = False) -> Iterator[FolderWriter]:
        try:
            index = tantivy.Index(self._schema, str(generation)) if new else tantivy.Index.open(str(generation))
            index.reload()
            highest = hits.highest(index.searcher())
            writer = FolderWriter(self._folder.root, schema.prepare(index).writer(_HEAP, 1), highest)
        except TROUBLE as error:
            raise self._folder.corrupt(f"it cannot be opened ({error})") from error
        try:
            yield writer
        finally:
            writer.close()

    def _read(self) -> _Reader:
        """Give the state that is on disk now."""
        with self._lock:
            for _ in range(_TRIES):
                try:
                    self._reader = self._current()
                except BaseException as error:
                    if not _damage(error):
                        raise
                    self._reader, found = None, error
                    time.sleep(_PAUSE)
                else:
                    return self._reader
            raise self._folder.corrupt(f"it cannot be opened ({found})") from found

    def _current(self) -> _Reader:
        # Stamps are taken before what they stand for is read: a change in between is seen by the next search.
        try:
            pointer, old = _stamp(self._pointer), self._reader
        except FileNotFoundError:
            self._folder.current()
            raise
        if old and old.pointer != pointer:
            old = None
        generation = old.generation if old else self._folder.current()
        state = _stamp(f"{generation}/meta.json")
        if old and old.state == state:
            return old
        index = old.index if old else _opened(generation)
        index.reload()
        return _Reader(pointer, state, generation, index, index.searcher())

    @contextmanager
    def _answering(self, broad: bool = False) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if not _damage(error):
                raise
            if broad and isinstance(error, ValueError):
                message = "too many words begin so or fit the mask; write more letters"
                raise QuerySyntaxError("query-too-broad", message) from error
            raise self._folder.corrupt(f"it cannot be searched ({error})") from error


def _by_beginning(words: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Tell words that are looked up one by one from those, by beginning, for which one walk through it is cheaper."""
    alone: list[str] = []
    together: dict[str, list[str]] = {}
    for beginning, group in groupby(sorted(set(words)), key=lambda word: word[:_BEGINNING]):
        alike = list(group)
        if len(alike) < _MANY_ALIKE or len(beginning) < _BEGINNING:
            alone += alike
        else:
            together[beginning] = alike
    return alone, together


def _is_shallow(node: Node, depth: int = 4) -> bool:
    """Tell whether a tree can be compared with others without danger."""
    if not isinstance(node, And | Or | Not):
        return True
    return depth > 0 and _is_shallow(node.left, depth - 1) and _is_shallow(node.right, depth - 1)


def _kept(counts: dict[object, Facets], question: Question, make: Callable[[], Facets]) -> Facets:
    if not question.facets:
        return {}
    key = (question.query, tuple(sorted(question.filters.items())), question.facets, question.facet_size)
    found = counts.get(key)
    if found is None:
        if len(counts) >= _MOST_KEPT:
            counts.clear()
        found = counts[key] = make()
    return found


def _damage(error: BaseException) -> bool:
    """Tell whether tantivy failed by what it read; a panic inside it is no `Exception` for Python."""
    return isinstance(error, TROUBLE) or type(error).__module__ == "pyo3_runtime"


def _in_order(documents: Iterable[Document | Row]) -> Iterator[Document | Row]:
    last = -1
    for document in documents:
        if document.id <= last:
            raise Inconsistent("document-order", f"document {document.id} came after {last}", "index rebuild")
        last = document.id
        yield document


def _opened(generation: Path) -> tantivy.Index:
    index = schema.prepare(tantivy.Index.open(str(generation)))
    # No thread that watches the folder: every search looks for itself.
    index.config_reader("manual")
    return index


def _stamp(file: str) -> _Stamp:
    found = os.stat(file)  # noqa: PTH116 - before every search, and a Path takes as long again
    return found.st_mtime_ns, found.st_ino, found.st_size
