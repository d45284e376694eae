"""What can go wrong while fetching, told by type: whose fault, and whether waiting helps.

In: nothing. Out: one root `HarvestError` with `code`, `message`, `where`. `SourceUnavailable` may pass (network,
throttling, server fault); `SourceRefused` will not without the operator (address, credentials, wrong kind of server);
`SourceBroken` means the answer cannot be trusted (cut short, not the protocol, a token that goes round). `Diagnosed`
is a refusal in the numbers of a protocol (SRU, Bib-1).
"""


class HarvestError(Exception):
    """Fetching from a source failed; `where` is the address or file, with the page or byte."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.code = code
        self.message = message
        self.where = where


class SourceUnavailable(HarvestError):
    """The source did not answer, or asked us to come back later: try again."""


class SourceRefused(HarvestError):
    """The source, or our own safety rule, says no: the operator has to change something."""


class Diagnosed(SourceRefused):
    """The server refuses what it is asked for; `number` is of its diagnostic (0: of a set that is not known)."""

    def __init__(self, code: str, message: str, where: str = "", number: int = 0) -> None:
        super().__init__(code, message, where)
        self.number = number


class SourceBroken(HarvestError):
    """The answer is incomplete or not of the protocol; nothing of it may be trusted as whole."""
