"""Z39.50 harvesting (version 3, ISO 23950), for libraries whose system has nothing newer.

In: a `SourceSpec` whose `url` is `z3950://host:port/database`. Out: `Z3950Harvester`. `profile` and `settings` read the
options, `client` speaks with a target over a `wire`, `session` outlives lost connections, `received` unpacks records,
`harvester` gives them to `harvesters.divided`, which judges when a result is at its end and divides what is too large.
"""

from harvesters.z3950.harvester import Z3950Harvester
from harvesters.z3950.profile import OPTIONS

__all__ = ["OPTIONS", "Z3950Harvester"]
