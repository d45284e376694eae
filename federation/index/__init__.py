"""The search index: what a document is made of, what any engine must do, and the engines.

In: the setting `LIENTHONG_INDEX_URL`. Out: an `Engine`.
"""

from pathlib import Path

from federation.errors import SettingsError
from federation.index.engine import Engine
from federation.index.tantivy import TantivyEngine


def open_engine(url: str, create: bool = False) -> Engine:
    """Give the engine behind `tantivy:FOLDER`; only `create` makes anything: an empty index where there is none."""
    scheme, _, folder = url.partition(":")
    if scheme != "tantivy" or not folder:
        raise SettingsError("index-url", f"{url!r} is no search index; write tantivy:FOLDER", "LIENTHONG_INDEX_URL")
    engine = TantivyEngine(Path(folder))
    if create:
        engine.create()
    return engine
