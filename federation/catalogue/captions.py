"""All captions that the pages take from tables, for those who translate them into a third language.

In: the tables. Out: `Caption`s in the order in which a translator should meet them: what stands on every page first,
the names of all languages of the world last.
"""

from collections.abc import Iterator

from federation.catalogue.facets import CAPTIONS, FACETS, GRADE, GRADES, KINDS, SETS
from federation.catalogue.sets import COLLECTIONS
from federation.languages.language import Caption
from federation.languages.making import ITSELF, itself
from federation.store.seeds import library_kinds
from schemas.maps import ddc
from schemas.maps.tables import rows
from schemas.query.access_points import TABLE, access_points


def captions() -> tuple[Caption, ...]:
    """Give every caption once."""
    found = {(each.table, each.en): each for each in (*_of_the_house(), *_of_maps())}
    return tuple(found.values())


def _of_the_house() -> Iterator[Caption]:
    yield from (Caption(ITSELF, row["vi"], row["en"], row["note"]) for row in itself())
    yield from (Caption(CAPTIONS, facet.label_vi, facet.label_en) for facet in FACETS)
    yield Caption(GRADES, *GRADE)
    yield from (Caption(TABLE, point.label_vi, point.label_en) for point in access_points())
    yield from (Caption(KINDS, row["name_vi"], row["name_en"]) for row in library_kinds())
    yield from (Caption(SETS, *names) for names in COLLECTIONS.values())


def _of_maps() -> Iterator[Caption]:
    for table in ("levels", "material_types", ddc.TABLE, "languages"):
        yield from (Caption(table, row["vi"], row["en"]) for row in rows(table) if row["en"])
