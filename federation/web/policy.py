"""What a page may do in a browser (Content Security Policy 3): run our one script, told by a nonce, and no other.

In: the home, whose key makes the nonces, and every page. Out: the page with its nonce, in the header and in the script.
The nonce is a keyed digest of the page itself, not a random number: the same page has the same nonce, so that an ETag
stays true and a 304 fits the page that a browser kept. Nobody can write a nonce into a page beforehand, because each
letter that he adds to it makes another one. Why that is enough: docs/explanation/safe-pages.md.
"""

import hmac
import logging
import secrets
from base64 import urlsafe_b64encode
from hashlib import blake2b
from pathlib import Path
from typing import Final

from flask import Flask, Response, g

from federation import seal
from federation.errors import Unavailable

log = logging.getLogger(__name__)

_SCRIPT: Final = "script-src 'nonce-{nonce}'; "
#: for all pages; ours run no text as script (Trusted Types), so that none has to be let through
_POLICY: Final = (
    "default-src 'none'; {script}style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_BYTES: Final = 16


class Policy:
    """The policy of the pages of one home; every process of it gives a page the same nonce."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._passing = secrets.token_bytes(32)
        self._kept = b""

    def mark(self) -> dict[str, str]:
        """Give templates what stands in a page until it is whole and its nonce is known."""
        # A secret too: whoever knew it would have his own script marked with the nonce.
        g.policy_key = key = self._key()
        return {"nonce": _digest(b"", key, b"mark")}

    def set_on(self, response: Response) -> Response:
        """Put the policy on a page, and its nonce into it; of other answers nothing changes."""
        if response.mimetype != "text/html" or response.is_streamed:
            return response
        key: bytes = g.get("policy_key", b"")
        script = _SCRIPT.format(nonce=_marked(response, key)) if key else ""
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(script=script))
        return response

    def _key(self) -> bytes:
        # Without a home there is nothing but the page that asks for one; it must not make a folder in a wrong place.
        if not self._kept and self._home.is_dir():
            try:
                self._kept = hmac.digest(seal.key(self._home), b"nonces of pages", "sha256")
            except Unavailable as error:
                log.warning("%s; pages are marked with a key of this process, and sent again more often", error)
                self._kept = self._passing
        return self._kept or self._passing


def start(app: Flask, home: Path) -> None:
    """Put the policy on every page of the application."""
    policy = Policy(home)
    app.context_processor(policy.mark)
    app.after_request(policy.set_on)


def _marked(response: Response, key: bytes) -> str:
    page = response.get_data()
    nonce = _digest(page, key, b"nonce")
    response.set_data(page.replace(_digest(b"", key, b"mark").encode(), nonce.encode()))
    return nonce


def _digest(content: bytes, key: bytes, purpose: bytes) -> str:
    made = blake2b(content, digest_size=_BYTES, key=key, person=purpose)
    return urlsafe_b64encode(made.digest()).rstrip(b"=").decode()
