"""Everything that can go wrong with a question to the API, as problem details (RFC 9457).

In: a code of `PROBLEMS` and what exactly is wrong. Out: `Refused`, which `views` answers with. The status tells whose
turn it is: 400 a parameter that cannot be, 422 a parameter that is well formed and means nothing here, 503 wait.
"""

from collections.abc import Mapping
from typing import Final

from federation.api.shapes import Problem

MEDIA_TYPE: Final = "application/problem+json"

#: code -> status and what it means
PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    "parameter-unknown": (400, "There is no such parameter"),
    "parameter-invalid": (400, "A parameter has a value that it cannot have"),
    "query-invalid": (422, "The query cannot be read"),
    "cursor-invalid": (422, "The cursor cannot be read"),
    "search-too-deep": (422, "The result is not shown as far as this"),
    "set-unknown": (422, "There is no such set"),
    "isbn-invalid": (422, "This is no ISBN"),
    "nothing-asked": (422, "Nothing was asked for"),
    "record-moved": (301, "The record was merged into another one"),
    "record-gone": (410, "The record was deleted"),
    "record-unknown": (404, "There is no such record"),
    "library-unknown": (404, "There is no such library"),
    "address-unknown": (404, "There is no such address"),
    "method-unknown": (405, "The API is read by GET and HEAD"),
    "address-too-long": (414, "The address is too long"),
    "too-many-requests": (429, "Too many requests"),
    "not-ready": (503, "The catalogue is not ready"),
    "fault": (500, "Something went wrong on our side"),
    "request-refused": (400, "The request cannot be answered"),
}


class Refused(Exception):
    """There is no answer; `code` is one of `PROBLEMS`."""

    def __init__(self, code: str, detail: str, parameter: str = "", successor: tuple[int, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.parameter = parameter
        self.successor = successor

    @property
    def status(self) -> int:
        """The HTTP status."""
        return PROBLEMS[self.code][0]

    def problem(self, base: str, status: int = 0) -> Problem:
        """Give the problem as it is sent; `base` is the address of the page that explains the codes."""
        usual, title = PROBLEMS[self.code]
        number, address = self.successor or (None, "")
        return Problem(
            f"{base}#{self.code}", title, status or usual, self.detail, self.code, self.parameter, number, address
        )
