"""What runs and stages work with.

In: nothing. Out: the value `Workplace`, which everybody hands over who lets something be written.
"""

from dataclasses import dataclass

from federation.config import Settings
from federation.index.engine import Engine
from federation.store import Database


@dataclass(frozen=True, slots=True)
class Workplace:
    """The database, the index and the settings of one house."""

    database: Database
    index: Engine
    settings: Settings
