"""One mail by SMTP (RFC 5321), encrypted where the server offers it (STARTTLS, RFC 3207) or from the start (smtps).

In: a `Digest`, sender, recipients, `smtp://user:password@host:587` or `smtps://…`. Out: nothing when the server took
the mail; else `Unavailable` (trying again may help) or `SettingsError` (it will not). A password is sent to another
machine only over an encrypted connection, and stands in no message.
"""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

from federation import clock
from federation.errors import SettingsError, Unavailable
from federation.telling.digest import Digest

#: seconds to wait for the server, each time
PATIENCE: Final = 30.0
_PORTS: Final = {"smtp": 25, "smtps": 465}
_HERE: Final = ("localhost", "127.0.0.1", "::1")
#: characters of what a server said
_QUOTED: Final = 300


@dataclass(frozen=True, slots=True)
class Post:
    """A mail server, and from whom to whom."""

    url: str
    sender: str
    recipients: Sequence[str]
    patience: float = PATIENCE
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @property
    def where(self) -> str:
        """The server without its password."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"


def send(post: Post, digest: Digest) -> None:
    """Hand a mail to the server."""
    message = letter(post, digest)
    try:
        server = _connected(post)
        try:
            server.ehlo_or_helo_if_needed()
            _secure(server, post)
            _enter(server, post)
            server.send_message(message, post.sender, list(post.recipients))
        finally:
            _leave(server)
    except smtplib.SMTPRecipientsRefused as error:
        refused = "; ".join(f"{who}: {_said(why[1])}" for who, why in error.recipients.items())
        raise Unavailable("mail-unsent", f"the server takes no mail for {refused}", post.where) from None
    except smtplib.SMTPAuthenticationError as error:
        message_ = f"the server refuses user or password: {_said(error.smtp_error)}; see LIENTHONG_SMTP_URL"
        raise SettingsError("mail-refused", message_, post.where) from None
    except smtplib.SMTPResponseException as error:
        said = f"the server answers {error.smtp_code} {_said(error.smtp_error)}"
        raise Unavailable("mail-unsent", said, post.where) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("mail-unsent", f"the mail was not sent: {_said(str(error))}", post.where) from None
    except ValueError as error:
        kind = type(error).__name__  # its text would quote the password
        odd = f"server, sender, recipients or password cannot be sent as they are written ({kind})"
        raise SettingsError("mail-refused", odd, post.where) from None


def letter(post: Post, digest: Digest) -> EmailMessage:
    """Write the mail."""
    message = EmailMessage()
    message["Subject"] = digest.subject
    message["From"] = post.sender
    message["To"] = ", ".join(post.recipients)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=post.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is announced to us
    message.set_content(digest.text, cte="base64")  # any server carries it, and no line is too long
    return message


def _connected(post: Post) -> smtplib.SMTP:
    parts = urlsplit(post.url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=post.patience, context=post.tls)
    return smtplib.SMTP(host, port, timeout=post.patience)


def _leave(server: smtplib.SMTP) -> None:
    # The mail is taken or refused by now; a farewell that goes wrong must not make us send it twice.
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _secure(server: smtplib.SMTP, post: Post) -> None:
    if not isinstance(server, smtplib.SMTP_SSL) and server.has_extn("starttls"):
        server.starttls(context=post.tls)
        server.ehlo()


def _enter(server: smtplib.SMTP, post: Post) -> None:
    parts = urlsplit(post.url)
    if not parts.username:
        return
    if not isinstance(server.sock, ssl.SSLSocket) and parts.hostname not in _HERE:
        told = "the server offers no encryption (STARTTLS), and a password is not sent without; use smtps:// or no user"
        raise SettingsError("mail-unencrypted", told, post.where)
    user, password = unquote(parts.username), unquote(parts.password or "")
    if (user + password).isascii():
        server.login(user, password)
    else:
        _plain(server, user, password)


def _plain(server: smtplib.SMTP, user: str, password: str) -> None:
    # Python's own login takes ASCII alone; AUTH PLAIN is UTF-8 (RFC 4616).
    secret = b64encode("\0".join(("", user, password)).encode()).decode()
    code, said = server.docmd("AUTH", f"PLAIN {secret}")
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _said(text: str | bytes) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(plain.split())[:_QUOTED]
