"""SRU harvesting (Search/Retrieve via URL 1.1, 1.2 and 2.0), for libraries that have nothing else.

In: a `SourceSpec` whose `url` is the address of an SRU server. Out: `SruHarvester`. `profile` reads the options,
`client` asks, `answer` cuts records out as received, `walk` judges when a result is at its end, `harvester` divides
what is too large (`harvesters.parts`) and puts them together.
"""

from harvesters.sru.harvester import SruHarvester
from harvesters.sru.profile import OPTIONS

__all__ = ["OPTIONS", "SruHarvester"]
