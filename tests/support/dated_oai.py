"""The hostile server with more verbs, for windows and probes: dates that are minded, identifiers, sets, deletions.

In: what a `Hostile` has, and what Identify is to say. Out: answers to Identify, ListIdentifiers and ListSets as well.
"""

from dataclasses import dataclass, field

from tests.support.hostile_oai import Asked, Hostile, Item, Reply, envelope, error, marc


def dated(*days: str) -> list[Item]:
    """One item for each day, or for each time, in the order given: `oai:x:1` and so on."""
    stamps = [day if "T" in day else f"{day}T10:00:00Z" for day in days]
    return [Item(f"oai:x:{n}", stamp, marc(f"Sách số {n}", str(n))) for n, stamp in enumerate(stamps, 1)]


@dataclass
class Dated(Hostile):
    """The server: `earliest` and `deletions` are what Identify says; `sets` are setSpec and setName."""

    earliest: str = "2026-01-01T00:00:00Z"
    deletions: str = "persistent"
    sets: tuple[tuple[str, str], ...] = ()
    repository: str = "Thư viện thử"
    protocol: str = "2.0"
    asked_until: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        more = {"Identify": self._identify, "ListIdentifiers": self._identifiers, "ListSets": self._sets}
        if asked.verb in more:
            return Reply(more[asked.verb](asked), headers={"Content-Type": "text/xml"})
        return super().answer(asked)

    def _identify(self, asked: Asked) -> bytes:
        said = {
            "repositoryName": self.repository,
            "baseURL": self.url,
            "protocolVersion": self.protocol,
            "adminEmail": "thuthu@example.vn",
            "earliestDatestamp": self.earliest,
            "deletedRecord": self.deletions,
            "granularity": self.granularity,
        }
        inner = "".join(f"<{name}>{value}</{name}>" for name, value in said.items() if value)
        return envelope(f"<Identify>{inner}</Identify>", self.date)

    def _identifiers(self, asked: Asked) -> bytes:
        body = self._list(asked)
        until = asked.arguments.get("until", "")
        self.asked_until.append(until)
        return body.replace(b"<ListRecords>", b"<ListIdentifiers>").replace(b"</ListRecords>", b"</ListIdentifiers>")

    def _sets(self, asked: Asked) -> bytes:
        if not self.sets:
            return error("noSetHierarchy", self.date)
        rows = (f"<set><setSpec>{spec}</setSpec><setName>{name}</setName></set>" for spec, name in self.sets)
        return envelope(f"<ListSets>{''.join(rows)}</ListSets>", self.date)
