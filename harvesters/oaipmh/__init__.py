"""OAI-PMH 2.0 harvesting on Sickle's vocabulary, with what decides whether data is lost taken into our own hands.

In: a `SourceSpec` whose `url` is a base URL. Out: `OaiHarvester`. `client` asks and refuses what is no whole answer,
`page` cuts records out as received, `formats` tells MARC from Dublin Core, `walk` judges when a list is at its end,
`progress` is what survives a crash, and `listing` puts them together.
"""

from harvesters.oaipmh.listing import OPTIONS, OaiHarvester

__all__ = ["OPTIONS", "OaiHarvester"]
