"""The local ids of a source's records, with what its server changes now and then taken off.

In: records as harvested, and the source's option `id_strip`, a regular expression. Out: the same records under their
shorter ids; a `SourceRefused` where two different ids would become one, because one record would take the other's
place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from harvesters.base import Harvested
from harvesters.errors import SourceRefused
from harvesters.options import Option, text

ID_STRIP: Final = Option(
    "id_strip", "", "a regular expression; what it matches is taken off every identifier, such as ^oai:[^:]*:"
)
#: longer ones are no identifiers; an expression of an operator must not meet them
_LONGEST: Final = 2000


class Naming:
    """Gives records their local ids; remembers what became of which while a harvest lasts."""

    def __init__(self, options: Mapping[str, str]) -> None:
        pattern = text(ID_STRIP, options)
        try:
            self._strip = re.compile(pattern) if pattern else None
        except re.error as error:
            message = f"option {ID_STRIP.name} is {pattern!r}, which is no regular expression: {error}"
            raise SourceRefused("option-invalid", message) from None
        self._given: dict[int, int] = {}

    def named(self, records: Iterable[Harvested]) -> Iterator[Harvested]:
        """Yield the records under their local ids; raises `SourceRefused` when two ids become one."""
        return (self._named(record) for record in records) if self._strip else iter(records)

    def _named(self, record: Harvested) -> Harvested:
        assert self._strip is not None  # noqa: S101  (asked only where there is one)
        given = record.local_id
        short = self._strip.sub("", given).strip() if len(given) <= _LONGEST else given
        if not short:
            return record
        if self._given.setdefault(hash(short), hash(given)) != hash(given):
            message = (
                f"{given!r} and another identifier both become {short!r}; option {ID_STRIP.name} takes off too much"
            )
            raise SourceRefused("ids-collide", message, record.where)
        return replace(record, local_id=short)
