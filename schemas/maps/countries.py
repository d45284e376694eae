"""Countries of publication: MARC codes and their names.

In: a code of 008/15-17 (MARC Code List for Countries), padded or not. Out: its name. Codes that are no longer given
(vn, ur, us) are kept, because old records have them.
"""

from typing import Final

from schemas.maps.tables import label

_TABLE: Final = "countries"


def country_name(code: str, lang: str = "vi") -> str:
    """Give the name of a country code in `vi` or `en`; an unknown code is its own name."""
    return label(_TABLE, code.strip(), lang)
