"""Files that hold a key: made once, whoever comes first, and the same for every process from then on.

In: the file, and what makes a new key. Out: the file is there, whole, readable for its owner only. What the key is for,
how it is read and what a lost or damaged one means is for the module that owns it to say.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def make_once(file: Path, new: Callable[[], bytes]) -> None:
    """Make the file with a new key, unless it is there; raises `OSError` when that cannot be."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and linked: of several processes that begin together one wins, and none reads half a key.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(new())
            draft.flush()
            os.fsync(draft.fileno())
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
