"""What the rows stand on: the samples and the catalogues filled from them, each made once, when first needed.

In: a `Plan`, an empty folder and what ends with the bench. Out: `Grounds`. Rows that look at a filled catalogue, or ask
its server, share it; rows that time an import make their own.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from tests.bench import homes, sample, servers
from tests.bench.homes import Home, Imported
from tests.bench.plan import Plan
from tests.bench.sample import Sample


@dataclass
class Grounds:
    """Files and catalogues of one run of the bench."""

    plan: Plan
    folder: Path
    until_end: ExitStack
    _served: dict[Home, int] = field(default_factory=dict)

    @cached_property
    def small(self) -> Sample:
        """Give the file of 10,000 records."""
        return sample.small(self.plan, self.folder)

    @cached_property
    def large(self) -> Sample | None:
        """Give the file of 150,000 records, where one was named."""
        return sample.large(self.plan, self.folder)

    @cached_property
    def small_home(self) -> Imported:
        """Give the catalogue of the small file."""
        return homes.watched(self.folder / "home-small", self.small)

    @cached_property
    def large_home(self) -> Imported | None:
        """Give the catalogue of the large file."""
        return homes.watched(self.folder / "home-large", self.large) if self.large else None

    def port(self, imported: Imported) -> int:
        """Give the port where a catalogue is served; the server stands until the end."""
        home = imported.home
        if home not in self._served:
            self._served[home] = self.until_end.enter_context(servers.ours(home))
        return self._served[home]

    def homes(self) -> Iterator[Imported]:
        """Give the catalogues there are."""
        yield self.small_home
        if self.large_home:
            yield self.large_home

    @cached_property
    def _numbers(self) -> Iterator[int]:
        return count()

    def place(self) -> Path:
        """Give a name in the folder that nothing has yet."""
        return self.folder / f"place-{next(self._numbers)}"
