"""Running our OAI-PMH harvester against a server of a test: quick to give up, allowed on loopback."""

from dataclasses import dataclass

from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.oaipmh import OaiHarvester

QUICK = {
    "allow_private": "true",
    "retries": "2",
    "backoff": "0.01",
    "longest_wait": "0.2",
    "connect_timeout": "5",
    "timeout": "5",
    "per_minute": "60000",
}


@dataclass(frozen=True)
class Result:
    """What a harvest gave, all pages together."""

    pages: list[Page]

    @property
    def records(self) -> list[Harvested]:
        return [record for page in self.pages for record in page.records]

    @property
    def ids(self) -> list[str]:
        return [record.local_id for record in self.records]

    @property
    def ending(self) -> Ending:
        ending = self.pages[-1].ending
        assert ending is not None, "the last page has no ending"
        assert all(page.ending is None for page in self.pages[:-1])
        return ending


def spec(url: str, prefix: str = "", set_spec: str = "", **options: str) -> SourceSpec:
    """A source that gives up quickly."""
    return SourceSpec("x", "oaipmh", url, prefix, set_spec, {**QUICK, **options})


def harvest(source: SourceSpec, window: Window | None = None, resume: str = "") -> Result:
    """Harvest to the end."""
    return Result(list(OaiHarvester(source, "test@lienthong.example").pages(window or Window(), resume)))
