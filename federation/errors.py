"""The errors of the federation, each saying by type whose fault it is and what the operator can do.

In: nothing. Out: one root `FederationError` with `code`, `message`, `where`. `UsageError`: the operator asked for
something that cannot be (exit 2). `SettingsError`: the settings are wrong (exit 2). `NotFound`: nothing under that
name (exit 1). `Unavailable`: a part is down or not yet made; waiting or `lienthong init` helps (exit 1).
`Inconsistent`: our own fault. `Stopped`: told to end early (exit 1).
"""


class FederationError(Exception):
    """Something failed; `code` is stable, `message` is for a librarian, `where` names what was being read or done."""

    def __init__(self, code: str, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.code = code
        self.message = message
        self.where = where


class UsageError(FederationError):
    """The operator asked for something that cannot be."""


class SettingsError(FederationError):
    """One or more settings are wrong; `message` lists all of them."""


class NotFound(FederationError):
    """There is nothing under that name."""


class Unavailable(FederationError):
    """A part is down, busy or not yet made."""


class Inconsistent(FederationError):
    """Two of our own tables disagree: a fault of this software."""


class Stopped(FederationError):
    """Work was told to end before its end, or has lost the right to go on; what it kept stays."""
