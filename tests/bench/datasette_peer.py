"""The peer of the search page: Datasette (PyPI) on a table of the same records, with full text search and facets.

In: a filled catalogue; as a program, the SQLite file made of it and a listening socket. Out: the addresses that ask
what our pages are asked; the server, one process. It is given all it can use: the file is immutable, so that it counts
nothing twice; columns that are counted are indexed; it need not suggest facets; it may take any time. It does not
order hits by how well they fit.
"""

import json
import socket
import sqlite3
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from federation.catalogue.records import UnionRecord
from federation.index.document import divisions
from federation.web.search.request import FACET_SIZE, PAGE_SIZE
from tests.bench import searching
from tests.bench.homes import Home

NEEDED: Final = "datasette and uvicorn (PyPI)"
#: what a page counts: columns of one value, and one of a list of values
COLUMNS: Final = ("material", "language", "decade", "year", "creator", "ddc")
LISTS: Final = ("subject",)
FEW: Final = ("material", "language", "decade")
_PATIENCE_MS: Final = 600_000
_TABLE: Final = """
create table records (id integer primary key, title text, creator text, subject text, publisher text,
                      material text, language text, decade integer, year integer, ddc text);
"""
_INDEXES: Final = """
create index by_material on records (material); create index by_language on records (language);
create index by_decade on records (decade); create index by_year on records (year);
create index by_creator on records (creator); create index by_ddc on records (ddc);
create virtual table words using fts5 (title, creator, subject, publisher, content='records', content_rowid='id',
                                       tokenize='unicode61 remove_diacritics 2');
insert into words (words) values ('rebuild');
insert into words (words) values ('optimize');
analyze;
"""


def there() -> bool:
    """Tell whether the peer is installed."""
    return find_spec("datasette") is not None and find_spec("uvicorn") is not None


def fill(path: Path, home: Home) -> None:
    """Write the records of a catalogue into a new file, which must be called records.db."""
    with searching.opened(home) as catalogue:
        file = sqlite3.connect(path)
        file.executescript(_TABLE)
        file.executemany(f"insert into records values ({', '.join('?' * 10)})", map(_row, catalogue.every()))
        file.commit()
        file.executescript(_INDEXES)
        file.close()


def page_of(query: str) -> str:
    """Give the path of its page of a query, with all the facets."""
    facets = [*(("_facet", name) for name in COLUMNS), *(("_facet_array", name) for name in LISTS)]
    return f"/records/records?{urlencode([('_search', query), *facets])}"


def answer_of(query: str) -> str:
    """Give the path of its answer in JSON, with three facets."""
    return f"/records/records.json?{urlencode([('_search', query), *(('_facet', name) for name in FEW)])}"


def serve(file: str, listening: int, threads: int) -> None:
    """Serve until told to stop, in this process, who comes to a socket that others may listen on too."""
    import uvicorn
    from datasette.app import Datasette

    limits = {"sql_time_limit_ms": _PATIENCE_MS, "facet_time_limit_ms": _PATIENCE_MS, "suggest_facets": False}
    sizes = {"default_page_size": PAGE_SIZE, "default_facet_size": FACET_SIZE}
    settings = {**limits, **sizes, "num_sql_threads": threads}
    searched = {"databases": {"records": {"tables": {"records": {"fts_table": "words", "fts_pk": "id"}}}}}
    application = Datasette([], immutables=[file], settings=settings, metadata=searched).app()
    # A socket made from its number knows that it is TCP. Of one that uvicorn makes for several processes asyncio does
    # not, and leaves Nagle's algorithm on: every answer to one reader would wait 40 ms.
    line = socket.socket(fileno=listening)
    uvicorn.Server(uvicorn.Config(application, log_level="error")).run(sockets=[line])


def _row(record: UnionRecord) -> tuple[object, ...]:
    bib = record.bib
    year = bib.publication.year or None
    subjects = json.dumps([subject.heading for subject in bib.subjects], ensure_ascii=False)
    return (
        *(record.id, str(bib.title), bib.creator, subjects, bib.publication.publisher, bib.material),
        *(next(iter(bib.languages), None), year and year // 10 * 10, year, next(iter(divisions(bib)), None)),
    )


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
