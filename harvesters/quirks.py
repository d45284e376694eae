"""What known servers do against the protocol, told in one place: a workaround has a name, a server and a date.

In: nothing. Out: `QUIRKS`, shown in the reference, and the names that code and log lines use. A quirk with an `option`
is switched on per source by the operator; the others are recognised by what the server answers.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quirk:
    """One deviation: which server was seen doing it, where that is written, since when we know, and what we do."""

    name: str
    server: str
    evidence: str
    noted: str
    answer: str
    option: str = ""


TOKEN_ON_LAST_PAGE: Final = Quirk(
    "token-on-last-page",
    "Koha, InvenioRDM",
    "Koha bug 13568; invenio-app-rdm issue 2715",
    "2026-11",
    "a token whose page is noRecordsMatch or badResumptionToken ends the list when as many came as were promised",
)
SECONDS_REFUSED: Final = Quirk(
    "seconds-refused",
    "Dataverse and others that declare a granularity they do not take",
    "dataverse issue 11020; xoai issue 34",
    "2026-11",
    "a request with seconds that is badArgument or HTTP 4xx is sent again with days, and days are kept to",
)
PREFIX_WITH_TOKEN: Final = Quirk(
    "prefix-with-token",
    "ruby-oai before 1.0",
    "ruby-oai issue 107",
    "2026-11",
    "metadataPrefix is sent along with the token, against the protocol (3.5)",
    "prefix_with_token",
)
GZIP_UNANNOUNCED: Final = Quirk(
    "gzip-unannounced",
    "servers behind proxies that drop Content-Encoding",
    "metha, client.go",
    "2026-11",
    "compression is told by the first bytes of the answer",
)
ERROR_WITH_STATUS: Final = Quirk(
    "error-with-status",
    "InvenioRDM (Zenodo), which answers noRecordsMatch and every other error with HTTP 422",
    "metha issue 39; invenio-oaiserver, views/server.py",
    "2026-11",
    "an OAI-PMH error is read as what it says, whatever the HTTP status below 500; without one the run fails",
)

NEXT_UNTOLD: Final = Quirk(
    "next-position-untold",
    "YAZ, and with it Zebra and Koha",
    "zebrasrv of YAZ 5.34 answers searchRetrieve without nextRecordPosition",
    "2026-11",
    "places in a result of SRU are counted by the records that came",
)
HOLDINGS_BESIDE: Final = Quirk(
    "holdings-beside",
    "DNB and ZDB (MARC21plus-xml)",
    "recordData holds a collection: the title first, then the records of its holdings",
    "2026-11",
    "the first record that is no holdings record (leader/06 u, v, x, y) is the title; the bytes are kept whole",
)
ENCODED_AGAIN: Final = Quirk(
    "encoded-once-more",
    "Zebra with its profile for USMARC (GRS)",
    "zebrasrv 2.2.7 takes records in UTF-8 for Latin-1 when a charset is agreed on for records too",
    "2026-11",
    "UTF-8 is agreed on for queries alone, and records are asked for as they are",
)
RANGE_REFUSED: Final = Quirk(
    "range-refused-whole",
    "YAZ, and with it Zebra and Koha",
    "yaz-ztest of YAZ 5.34 answers a Present that goes beyond the last record with diagnostic 13 and no record",
    "2026-11",
    "no more is asked for than the target told; a page that is refused so is asked for in smaller ones",
)

QUIRKS: Final = (
    *(TOKEN_ON_LAST_PAGE, SECONDS_REFUSED, PREFIX_WITH_TOKEN, GZIP_UNANNOUNCED, ERROR_WITH_STATUS),
    *(NEXT_UNTOLD, HOLDINGS_BESIDE, ENCODED_AGAIN, RANGE_REFUSED),
)
