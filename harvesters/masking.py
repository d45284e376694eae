"""Nothing secret in what people read: user names, passwords and keys that stand in addresses are blanked out.

In: a text that may hold addresses, or a log record. Out: the same with `***` in their place.
"""

import logging
import re
from typing import Final

_USERINFO: Final = re.compile(r"(?<=://)[^/?#\s@]*@")
_SECRET: Final = re.compile(
    r"(?i)([?&;](?:[a-z_-]*pass(?:word|wd)?|pwd|secret|[a-z_-]*key|(?:access_)?token|auth)=)[^&;#\s'\"]+"
)


def masked(text: str) -> str:
    """Blank out user names, passwords and keys that stand in the addresses of a text."""
    return _SECRET.sub(r"\1***", _USERINFO.sub("***@", text))


class Mask(logging.Filter):
    """Lets every log record pass, masked."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message of a record."""
        record.msg, record.args = masked(record.getMessage()), ()
        return True
