"""What of a library's record is its own affair: control data of its system, its copies, and fields for local use.

In: a tag, or a record. Out: whether it is local; the record without what can tell of copies and of those who borrow
them. MARC 21 leaves 9XX, 09X, 59X, 69X and 79X to each library; systems keep items there (Koha 952, Evergreen 901 and
999), in holdings fields (852-855, 863-868, 876-878) or under tags with letters (Aleph Z30). Library Law 46/2019/QH14
forbids passing on who reads what; what is left out here is in no bib, so it can reach no door.
"""

import re
from functools import lru_cache
from typing import Final

from schemas.crosswalks import marc21_bib
from schemas.crosswalks.marc21_holdings import HoldingsMapping
from schemas.marc.delimited import FIELD_END
from schemas.marc.record import MarcRecord

#: copies and loans: holdings, items, every local field of the 9XX, every tag that MARC 21 does not have
ITEMS: Final = '85[2-5]|86[3-8]|87[678]|9[^"]{2}|[^0-9"][^"]{2}|[^"][^0-9"][^"]|[^"]{2}[^0-9"]'
#: a library's numbers, dates, call numbers, and notes on its own copy (where it came from, what was done to it)
OWN: Final = r"00[135]|049|09\d|[1-3]9\d|49[1-9]|5(?:41|6[1-3]|83|9\d)|69[2-9]|79\d|859|89\d"
_LOCAL: Final = re.compile(f"{OWN}|{ITEMS}")


@lru_cache(maxsize=4_096)
def is_local(tag: str) -> bool:
    """Tell whether a field is of no use outside its library; 490, 690 and 691 are read like those of MARC 21."""
    return _LOCAL.fullmatch(tag) is not None


def without_local(record: MarcRecord, rules: HoldingsMapping) -> MarcRecord:
    """Give the record without local fields, and without those in which `rules` find holdings; 00X stay."""
    mapped, tags = _mapped(rules), {field.tag for field in record.fields}
    local = [tag for tag in tags if tag in mapped or (is_local(tag) and tag[:2] != "00")]
    if not local:
        return record
    text = record.text
    if text:
        leader, *texts = text.split(FIELD_END)
        text = FIELD_END.join([leader, *(one for one in texts if one[:3] not in local)])
    return MarcRecord(record.leader, tuple(field for field in record.fields if field.tag not in local), text)


@lru_cache(maxsize=64)
def _mapped(rules: HoldingsMapping) -> frozenset[str]:
    # A mapping may take the call number from 082, which is the class of the book all the same.
    return frozenset(one.tag for one in rules.fields if not marc21_bib.reads(one.tag))
