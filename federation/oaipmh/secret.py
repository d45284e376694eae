"""The key that resumption tokens are signed with: made once, kept in the home, read by every process.

In: the home folder. Out: 32 random bytes. Whoever deletes the file only makes running harvests begin their lists again.
"""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from federation.errors import Unavailable

NAME: Final = "oai-token.key"
_LENGTH: Final = 32


def key(home: Path) -> bytes:
    """Give the key, making it first when it is not there; raises `Unavailable` when it can be neither read nor made."""
    file = home / NAME
    try:
        if not file.exists():
            _make(file)
        content = file.read_bytes()
    except OSError as error:
        raise Unavailable("token-key-unavailable", f"{error.strerror}; the home must be writable", str(file)) from error
    if len(content) < _LENGTH:
        raise Unavailable("token-key-unavailable", "the file is damaged; delete it, a new one will be made", str(file))
    return content


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked: of several processes that begin together one wins, and none reads half a key.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=NAME)
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(secrets.token_bytes(_LENGTH))
            draft.flush()
            os.fsync(draft.fileno())
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
