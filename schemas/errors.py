"""The errors of the shapes that cross a border: text and bytes that do not follow their grammar.

In: nothing. Out: one root, `SchemaError`, whose subclasses tell by type alone what failed and whose fault it is.
Every error carries a stable `code`, a `message` for a librarian and `where` in the input it was found.
"""


class SchemaError(Exception):
    """Something read or written does not follow its grammar; `code` is stable, `message` is for people."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.code = code
        self.message = message
        self.where = where


class DecodeError(SchemaError):
    """Bytes or text received cannot be read as what they claim to be: the sender's fault, one record."""


class EncodeError(SchemaError):
    """A record cannot be written in this format (an ISO 2709 record over 99,999 bytes, for example)."""


class CrosswalkError(SchemaError):
    """A record lacks what the target schema demands, so it cannot be carried over."""


class QuerySyntaxError(SchemaError):
    """A query does not follow the grammar of its language; `where` is the position, counted from 0."""


class LocalViolation(SchemaError):
    """We ourselves broke the rules of a protocol: a fault of this software."""


class RemoteViolation(SchemaError):
    """The peer broke the rules of a protocol."""
