"""Stages: the road from raw records to the index, whichever run brought them: normalise, cluster, merge, publish.

In: rows marked `pending`. Out: the rows of the next table, marked in their turn. How any stage goes stands in `stage`,
the road through all of them in `walk`. Also what people say of records (`pinning`) and ask about them (`origins`), and
everything derived once more (`rederive`). Nothing here knows how a run goes.
"""
