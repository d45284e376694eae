"""SRU harvesting (Search/Retrieve via URL 1.1, 1.2 and 2.0), for libraries that have nothing else.

In: a `SourceSpec` whose `url` is the address of an SRU server. Out: `SruHarvester`. `profile` reads the options,
`client` asks, `answer` cuts records out as received, `harvester` gives them to `harvesters.divided`, which judges when
a result is at its end and divides what is too large.
"""

from harvesters.sru.harvester import SruHarvester
from harvesters.sru.profile import OPTIONS

__all__ = ["OPTIONS", "SruHarvester"]
