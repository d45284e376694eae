"""How a command ends: its exit code, and what is said of an error an operator can mend.

In: errors. Out: exit 0 done, 1 failed, 2 wrong usage, 3 done with records put aside; one line that says what was being
read, where, what was found and what to do, never a traceback. It loads nothing: what a command is asked wrongly it says
at once.
"""

import sys
from typing import Final

from federation.errors import FederationError, SettingsError, UsageError
from harvesters.errors import HarvestError
from schemas.errors import QuerySyntaxError, SchemaError

DONE, FAILED, USAGE, PUT_ASIDE = 0, 1, 2, 3
#: what a command may end with that is told in one line
TOLD: Final = (FederationError, HarvestError, SchemaError, OSError)


def exit_code(error: BaseException) -> int:
    """Give the exit code an error ends the command with."""
    return USAGE if isinstance(error, (UsageError, SettingsError, QuerySyntaxError)) else FAILED


def told(error: BaseException) -> str:
    """Give what an error says in one line, a system's own as `file: reason`."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def leave(code: int) -> None:
    """End the command with an exit code."""
    sys.exit(code)
