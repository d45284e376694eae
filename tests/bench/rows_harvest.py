"""Row 7: how fast a server is harvested, against other people's harvesters on the same server.

In: `Grounds`. Out: `Row`s. The server is our own OAI-PMH door with the small file's records; every side reads the whole
list in `marc21` and must bring every record. The whole road (fetched, kept, merged, searchable) is shown beside it.
"""

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

from harvesters import open_source
from harvesters.base import SourceSpec, Window
from tests.bench import homes
from tests.bench.grounds import Grounds
from tests.bench.homes import Imported
from tests.bench.report import Row, Target
from tests.bench.timing import in_turn, middle, middle_ratio

_SPEED = Target(1)
_PREFIX = "marc21"
_OPTIONS = ("allow_private=true", "per_minute=60000")
#: a catalogue does not take records that bear its own name
_OTHER = "harvester.bench.example"


def _ours(url: str) -> int:
    options = dict(option.split("=") for option in _OPTIONS)
    spec = SourceSpec("bench", "oaipmh", url, _PREFIX, options=options)
    return sum(len(page.records) for page in open_source(spec).pages(Window()))


def _by_sickle(url: str) -> int:
    from sickle import Sickle

    return sum(1 for _ in Sickle(url).ListRecords(metadataPrefix=_PREFIX))


def _by_scythe(url: str) -> int:
    from oaipmh_scythe import Scythe

    with Scythe(url) as scythe:
        return sum(1 for _ in scythe.list_records(metadata_prefix=_PREFIX))


#: distribution -> module, and a whole harvest that counts its records
_PEERS: dict[str, tuple[str, Callable[[str], int]]] = {
    "Sickle": ("sickle", _by_sickle),
    "oaipmh-scythe": ("oaipmh_scythe", _by_scythe),
}


def speed(grounds: Grounds) -> Iterator[Row]:
    """Give row 7: records per second of fetching and reading, against each peer; and of the whole road."""
    imported = grounds.small_home
    url = f"http://127.0.0.1:{grounds.port(imported)}/oai"
    peers = {name: work for name, (module, work) in _PEERS.items() if find_spec(module)}
    sides = [partial(_timed, work, url, imported) for work in (_ours, *peers.values())]
    ours, *others = in_turn(sides, grounds.plan.runs)
    name = f"harvest, fetched and read, {imported.unions:,} records"
    for peer, theirs in zip(peers, others, strict=True):
        figures, ratio = {"ours": ours, "peer": theirs}, middle_ratio(ours, theirs)
        yield Row(7, name, middle(ours), "records/s", peer, middle(theirs), ratio, _SPEED, figures)
    yield _whole_road(grounds, url, imported)


def _timed(work: Callable[[str], int], url: str, imported: Imported) -> float:
    begun = time.perf_counter()
    came = work(url)
    if came != imported.unions:
        raise RuntimeError(f"{came} of {imported.unions} records came from {url}")
    return came / (time.perf_counter() - begun)


def _whole_road(grounds: Grounds, url: str, imported: Imported) -> Row:
    home = homes.new(grounds.place())
    source = ("--member", homes.MEMBER, "--kind", "oaipmh", "--url", url, "--prefix", _PREFIX)
    source += tuple(word for option in _OPTIONS for word in ("--option", option))
    homes.told(home, "sources", "add", "door", *source, LIENTHONG_REPOSITORY_ID=_OTHER)
    begun = time.perf_counter()
    report = json.loads(homes.told(home, "harvest", "run", "door", "--json", LIENTHONG_REPOSITORY_ID=_OTHER))
    took = time.perf_counter() - begun
    if report["added"] != imported.unions:
        raise RuntimeError(f"{report['added']} of {imported.unions} records were added from {url}: {report['message']}")
    name = f"harvest to searchable, {imported.unions:,} records"
    return Row(7, name, imported.unions / took, "records/s", note=f"{took:.1f} s, one run, the whole command")
