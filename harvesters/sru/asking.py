"""Asks for the next records of a result, in smaller pages where one record among them makes the server stumble.

In: a query and a place. Out: a `Response`; `PassedOver` when the one record at that place cannot be had. Many servers
answer a page with nothing but an error because one record in it cannot be converted. More than three in a
row are a server that is down, and then its own error is raised.
"""

from dataclasses import dataclass
from typing import Final

from harvesters.errors import HarvestError, SourceBroken
from harvesters.sru.client import Response, SruClient

#: what a smaller page may help against: errors of the server about the records themselves, and answers too large
_OF_RECORDS: Final = frozenset(
    (
        *("sru-1", "sru-63", "sru-64", "sru-65", "sru-67", "sru-68", "sru-69", "sru-70"),
        *("http-500", "answer-too-large", "page-not-well-formed", "answer-empty"),
    )
)
#: records in a row that are passed over
PATIENCE: Final = 3
_SMALLER: Final = 4


class PassedOver(SourceBroken):
    """The one record at a place cannot be had; `cause` says why."""

    def __init__(self, cause: HarvestError) -> None:
        super().__init__(cause.code, cause.message, cause.where)
        self.cause = cause


@dataclass
class Asking:
    """How large pages are now, and how many records in a row could not be had."""

    client: SruClient
    most: int = 0
    failing: int = 0

    @property
    def size(self) -> int:
        """How many records are asked for."""
        return min(self.most or self.client.size, self.client.size)

    def asked(self, query: str, start: int) -> Response:
        """Ask for the records from a place on; raises `HarvestError`, of one record alone `PassedOver`."""
        while True:
            try:
                response = self.client.search(query, start, self.size)
            except HarvestError as error:
                self._smaller(error)
            else:
                self.most, self.failing = min(self.size * _SMALLER, self.client.size), 0
                return response

    def is_alive(self, query: str, start: int) -> bool:
        """Whether a record that came before can still be had: if not, it is the server that is down."""
        try:
            self.client.search(query, start, 1)
        except HarvestError:
            return False
        return True

    def _smaller(self, error: HarvestError) -> None:
        if error.code not in _OF_RECORDS:
            raise error
        if self.size > 1:
            self.most = max(1, self.size // _SMALLER)
            return
        self.failing += 1
        if self.failing > PATIENCE:
            raise error
        raise PassedOver(error)
