"""The name under which a record of a file is kept, the same at every reading of the same files.

In: the bytes of a record. Out: its local id: 001; or 003/001 when an earlier record of the run has the same 001 and
another 003; else what the option `id` names; else a fingerprint. Records with the same id and other content are told
apart by `~2`, `~3` in their order. About 120 bytes are remembered for each record: a million take 120 MB.
"""

from dataclasses import dataclass, field

import msgspec

from schemas.errors import DecodeError
from schemas.marc.identity import control_number, fingerprint
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.marc.spec import values


class Name(msgspec.Struct, frozen=True):
    """A local id; whether the same id stood on a record with the same content before; and what is to be reported."""

    local_id: str
    repeated: bool = False
    findings: tuple[str, ...] = ()


@dataclass
class Ids:
    """What was seen in a run: for each id its first content, and its 003 where that is not the usual one, as hashes."""

    option: str = ""
    _contents: dict[int, int] = field(default_factory=dict)
    _sources: dict[int, int] = field(default_factory=dict)
    _known_sources: dict[str, int] = field(default_factory=lambda: {"": 0})
    _usual: int = 0
    _others: dict[str, dict[int, str]] = field(default_factory=dict)

    def name(self, content: bytes, syntax: str) -> Name:
        """Give the name of the next record of the run."""
        number, source = control_number(content, syntax)
        if number:
            return self._distinct(self._sourced(number, source), content)
        number = self._named_by_option(content, syntax) if self.option else ""
        if number:
            return self._distinct(number, content)
        return self._distinct(fingerprint(content), content, ("id-missing",))

    def _sourced(self, number: str, source: str) -> str:
        key, index = hash(number), self._known_sources.setdefault(source, len(self._known_sources))
        if not self._contents:
            self._usual = index
        if key not in self._contents:
            if index != self._usual:
                self._sources[key] = index
            return number
        return f"{source}/{number}" if source and self._sources.get(key, self._usual) != index else number

    def _named_by_option(self, content: bytes, syntax: str) -> str:
        try:
            record = (decode_xml if syntax == "marcxml" else decode)(content).record
        except DecodeError:
            return ""
        return next((value.strip() for value in values(record, self.option) if value.strip()), "")

    def _distinct(self, local_id: str, content: bytes, findings: tuple[str, ...] = ()) -> Name:
        key, mark = hash(local_id), hash(content)
        first = self._contents.get(key)
        if first is None:
            self._contents[key] = mark
            return Name(local_id, findings=findings)
        if first == mark:
            return Name(local_id, repeated=True, findings=findings)
        others = self._others.setdefault(local_id, {})
        repeated = mark in others
        if not repeated:
            others[mark] = self._suffixed(local_id, len(others) + 2, mark)
        return Name(others[mark], repeated, (*findings, "id-repeated"))

    def _suffixed(self, local_id: str, number: int, mark: int) -> str:
        while hash(f"{local_id}~{number}") in self._contents:
            number += 1
        self._contents[hash(f"{local_id}~{number}")] = mark
        return f"{local_id}~{number}"
