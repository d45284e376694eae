"""A harvester that follows a list of our OAI-PMH door: a page now, a page then, each list from the last responseDate.

In: a Flask test client, perhaps a set. Out: the copy it keeps. It fails when a record comes twice as it was.
"""

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from tests.support.oai import NAMES, OAI, ask


@dataclass
class Harvester:
    """A client that keeps a copy: id -> (datestamp, title) or None for a deleted record."""

    door: FlaskClient
    set_spec: str = ""
    since: str = ""
    date: str = ""
    token: str = ""
    last: int = 0
    copy: dict[int, tuple[str, str] | None] = field(default_factory=dict)
    seen: set[tuple[int, str, bool]] = field(default_factory=set)

    def read(self) -> None:
        """Read one page: the next one of the list it is in, else the first one of a new list."""
        if self.token:
            told = ask(self.door, verb="ListRecords", resumptionToken=self.token)
            assert told.date == self.date
        else:
            arguments = {"set": self.set_spec, "from": self.since}
            told = ask(
                self.door, verb="ListRecords", metadataPrefix="marc21", **{k: v for k, v in arguments.items() if v}
            )
            self.date, self.last = told.date, 0
        assert told.errors in ([], ["noRecordsMatch"])
        assert not (told.errors and self.token)
        repeated = told.ids == [self.last]  # all that was left had moved on: the last record is said again
        for record in told.root.iter(f"{{{OAI}}}record"):
            self._keep(record, repeated)
        self.token = told.token or ""
        if not self.token:
            self.since = self.date

    def _keep(self, record: Any, repeated: bool) -> None:
        header = record.find(f"{{{OAI}}}header")
        number = int(header.findtext(f"{{{OAI}}}identifier").rpartition(":")[2])
        stamp, deleted = header.findtext(f"{{{OAI}}}datestamp"), header.get("status") == "deleted"
        title = "".join(record.xpath(".//m:datafield[@tag='245']/m:subfield[@code='a']/text()", namespaces=NAMES))
        assert repeated or (number, stamp, deleted) not in self.seen, f"{number} of {stamp} was received twice"
        self.seen.add((number, stamp, deleted)) if not repeated else None
        self.copy[number] = None if deleted else (stamp, title)
        self.last = number

    def finish(self) -> None:
        """Read the list it is in to its end."""
        while self.token:
            self.read()
