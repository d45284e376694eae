"""Asks for the next records of a result, in smaller pages where one record among them makes the server stumble.

In: whom to ask (an `Asker`: SRU, Z39.50), a query and a place. Out: its answer; `PassedOver` when the one record at
that place cannot be had. Many servers answer a page with nothing but an error because one record in it cannot be
converted. More than three in a row are a server that is down, and then its own error is raised.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from harvesters.errors import HarvestError, SourceBroken

#: records in a row that are passed over
PATIENCE: Final = 3
_SMALLER: Final = 4

Query = TypeVar("Query")
Answer = TypeVar("Answer")
Query_contra = TypeVar("Query_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)


class Asker(Protocol[Query_contra, Answer_co]):
    """Who is asked. `size`: records of one page at most. `of_records`: codes of errors that a smaller page may help
    against, and that concern the record alone where it is the only one of its page; `of_size`: those that are then
    what they say.
    """

    @property
    def size(self) -> int:
        """How many records may be asked for at once."""
        ...

    @property
    def of_records(self) -> Set[str]:
        """Codes of errors that one record may be the reason of."""
        ...

    @property
    def of_size(self) -> Set[str]:
        """Codes of errors that the size of a page may be the reason of."""
        ...

    def search(self, query: Query_contra, start: int, most: int) -> Answer_co:
        """Ask for records from a place on; raises `HarvestError`."""
        ...


class PassedOver(SourceBroken):
    """The one record at a place cannot be had; `cause` says why."""

    def __init__(self, cause: HarvestError) -> None:
        super().__init__(cause.code, cause.message, cause.where)
        self.cause = cause


@dataclass
class Asking(Generic[Query, Answer]):
    """How large pages are now, and how many records in a row could not be had."""

    asker: Asker[Query, Answer]
    most: int = 0
    failing: int = 0

    @property
    def size(self) -> int:
        """How many records are asked for."""
        return min(self.most or self.asker.size, self.asker.size)

    def asked(self, query: Query, start: int) -> Answer:
        """Ask for the records from a place on; raises `HarvestError`, of one record alone `PassedOver`."""
        while True:
            try:
                answer = self.asker.search(query, start, self.size)
            except HarvestError as error:
                self._smaller(error)
            else:
                self.most, self.failing = min(self.size * _SMALLER, self.asker.size), 0
                return answer

    def is_alive(self, query: Query, start: int) -> bool:
        """Whether a record that came before can still be had: if not, it is the server that is down."""
        try:
            self.asker.search(query, start, 1)
        except HarvestError:
            return False
        return True

    def _smaller(self, error: HarvestError) -> None:
        if error.code not in self.asker.of_records | self.asker.of_size:
            raise error
        if self.size > 1:
            self.most = max(1, self.size // _SMALLER)
            return
        self.failing += error.code in self.asker.of_records
        if self.failing > PATIENCE or error.code in self.asker.of_size:
            raise error
        raise PassedOver(error)
