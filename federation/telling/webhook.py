"""One POST of JSON to an address of the operator's choice: a chat room, a pager, a program of his own.

In: the address and a `Digest`. Out: nothing when the answer is 2xx; else `Unavailable`. The address may be private and
holds its own secret, so it is never logged and errors name the host alone. Redirects are not followed; of the answer
only status and headers are read.
"""

import base64
import http.client
import json
import ssl
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from federation.errors import Unavailable
from federation.telling.digest import Digest

#: seconds to wait for the server, each time
PATIENCE: Final = 20.0


def post(url: str, digest: Digest, patience: float = PATIENCE) -> None:
    """Post a digest."""
    parts = urlsplit(url)
    where = f"webhook {parts.scheme}://{parts.hostname}"
    body = json.dumps(digest.rows, ensure_ascii=False).encode()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts, patience)
    try:
        connection.request("POST", path, body, _headers(parts))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = str(error.strerror or error) if isinstance(error, ssl.SSLError) else _reason(error, url)
        raise Unavailable("webhook-unsent", f"the notices were not taken: {reason}", where) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Unavailable("webhook-unsent", f"the server answers {status}", where)


def _connection(parts: SplitResult, patience: float) -> http.client.HTTPConnection:
    # No library that logs what it asks: the path is the secret.
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=patience, context=context)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=patience)


def _headers(parts: SplitResult) -> dict[str, str]:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Lienthong", "Connection": "close"}
    if parts.username:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(user).decode()}"
    return headers


def _reason(error: Exception, url: str) -> str:
    said = str(error) or type(error).__name__
    # Some errors quote the request line.
    return type(error).__name__ if (urlsplit(url).path.strip("/") or url) in said else said[:300]
