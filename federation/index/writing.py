"""What is put into the tantivy index of a folder and taken out of it, commit by commit.

In: documents or rows, numbers of those to remove. Out: a commit that other processes see at once, or nothing of it;
what cannot be written is `Unavailable` (index-write).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import tantivy

from federation.errors import Unavailable
from federation.index.engine import Document, Row
from federation.index.rows import row
from federation.memory import give_memory_back

#: what tantivy raises for what it cannot read or write
TROUBLE: Final = (ValueError, OSError)


class FolderWriter:
    """A `Writer` on the folder of an index."""

    def __init__(self, root: Path, writer: tantivy.IndexWriter, highest: int) -> None:
        self._root = root
        self._writer = writer
        self._highest = highest

    def publish(self, documents: Iterable[Document | Row], removed: Iterable[int]) -> None:
        """As `Writer.publish`; some thousands at a time are much cheaper per document than few."""
        with self.committing():
            for document in documents:
                if document.id > self._highest:  # nothing to replace: looking for it would take longer than adding
                    self._highest = document.id
                else:
                    self._writer.delete_documents_by_term("id", document.id)
                self.add(document)
            for number in removed:
                self._writer.delete_documents_by_term("id", number)

    def add(self, document: Document | Row) -> None:
        """Put in a document whose id is not there."""
        self._do(self._writer.add_json, row(document).content)

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Keep what is done in the block when it ends well; else it is as if it had never been."""
        try:
            yield
            self._do(self._writer.commit)
        except BaseException:
            with suppress(*TROUBLE):
                self._writer.rollback()
            raise

    def close(self) -> None:
        """Give back tantivy's own lock, however long someone holds on to an error, when all is merged."""
        self._do(self._writer.wait_merging_threads)
        give_memory_back()

    def _do(self, work: Callable[..., object], *given: object) -> None:
        try:
            work(*given)
        except TROUBLE as error:
            raise Unavailable(
                "index-write", f"the search index cannot be written ({error})", str(self._root)
            ) from error
