"""The settings: read from the environment and from `lienthong.toml` in the home, checked all together.

In: environment variables `LIENTHONG_*` and the file (environment wins). Out: one frozen `Settings`, or a
`SettingsError` that lists every problem. `SETTINGS` is the one table of names, defaults and explanations; `lienthong
settings` and the reference page are made from it.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from federation.errors import SettingsError
from schemas.query.charset_names import MARC_8, UTF_8, charset


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: name of the environment variable, default (empty: derived from the home), explanation, whether
    secret.
    """

    name: str
    default: str
    explanation: str
    check: Callable[[str], str | None]
    secret: bool = False

    @property
    def key(self) -> str:
        """The name in `lienthong.toml`: the same, in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked settings. `origins` tells for each environment name where its value came from."""

    home: Path
    database_url: str
    index_url: str
    public_url: str
    repository_id: str
    web_bind: str
    z3950_bind: str
    admin_email: str
    origins: Mapping[str, str]
    repository_name: str = "Liên Thông"
    oai_page_size: str = "500"
    oai_friends: str = ""
    oai_rights: str = ""
    oai_logo: str = ""
    runs_at_once: str = "2"
    notify_to: str = ""
    notify_from: str = ""
    smtp_url: str = ""
    notify_webhook: str = ""
    z3950_charsets: str = ""
    z3950_users: str = ""
    z3950_sessions: str = "500"
    z3950_sessions_per_address: str = "50"
    z3950_searches_per_minute: str = "600"
    z3950_records_per_minute: str = "30000"
    z3950_idle_seconds: str = "600"
    proxies: str = "0"
    web_requests_per_minute: str = "240"
    api_requests_per_minute: str = "600"
    limits_store: str = ""
    hsts_days: str = "0"
    search_log_days: str = "30"
    dumps_folder: str = ""
    dumps_hour: str = "2"
    dumps_licence: str = ""

    def value(self, name: str) -> str:
        """Give the value of the setting `LIENTHONG_X` as text."""
        return str(getattr(self, name.removeprefix("LIENTHONG_").lower()))


def _anything(value: str) -> str | None:
    return None if value.strip() else "must not be empty"


def _database(value: str) -> str | None:
    if value.startswith(("sqlite:///", "postgresql+psycopg://")):
        return None
    return "must start with sqlite:/// or postgresql+psycopg://"


def _index(value: str) -> str | None:
    return None if value.startswith("tantivy:") and len(value) > 8 else "must be tantivy:FOLDER"


def _address(value: str) -> str | None:
    parts = urlsplit(value)
    return None if parts.scheme in ("http", "https") and parts.netloc else "must be an http or https address"


def _maybe_address(value: str) -> str | None:
    return _address(value) if value else None


def _addresses(value: str) -> str | None:
    return next((problem for problem in map(_address, value.split()) if problem), None)


def _between(low: int, high: int) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        legal = value.isascii() and value.isdigit() and low <= int(value) <= high
        return None if legal else f"must be a whole number from {low} to {high}"

    return check


def _charsets(value: str) -> str | None:
    for rule in value.split():
        network, equals, names = rule.partition("=")
        try:
            ip_network(network)
        except ValueError:
            return f"{rule}: must be NETWORK=CHARSET, such as 10.0.0.0/8=marc-8"
        queries, slash, records = names.partition("/")
        if not equals or charset(queries) is None:
            return f"{rule}: the charset of queries must be utf-8, marc-8, latin-1, windows-1252 or windows-1258"
        if slash and charset(records) not in (UTF_8, MARC_8):
            return f"{rule}: the charset of records must be utf-8 or marc-8"
    return None


def _maybe_file(value: str) -> str | None:
    return None if not value or Path(value).is_file() else "must be a file that is there"


def _maybe_folder(value: str) -> str | None:
    return "must be a folder" if value and Path(value).exists() and not Path(value).is_dir() else None


def _hour(value: str) -> str | None:
    return None if value == "off" else _between(0, 23)(value)


def _limits_store(value: str) -> str | None:
    legal = not value or urlsplit(value).scheme in ("memory", "redis", "rediss", "redis+unix", "memcached")
    return None if legal else "must be redis://HOST:PORT or memcached://HOST:PORT"


def _domain(value: str) -> str | None:
    # oai-identifier.xsd, repositoryIdentifierType
    legal = re.fullmatch(r"[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+", value)
    return None if legal else "must be a domain name such as thuvien.example.vn, each part beginning with a letter"


def _bind(value: str) -> str | None:
    host, _, port = value.rpartition(":")
    return None if host and port.isdigit() and 0 <= int(port) < 65536 else "must be HOST:PORT"


def _email(value: str) -> str | None:
    return None if re.fullmatch(r"\S+@(\S+\.)+\S+", value) else "must be a mail address"


def _maybe_email(value: str) -> str | None:
    return _email(value) if value else None


def _emails(value: str) -> str | None:
    return next((problem for problem in map(_email, value.split()) if problem), None)


def _smtp(value: str) -> str | None:
    if not value:
        return None
    shape = "must be smtp://HOST:PORT, smtp://USER:PASSWORD@HOST:PORT or smtps://…"
    try:
        parts = urlsplit(value)
        legal = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        legal = False
    if not legal or parts.path.strip("/") or parts.query or parts.fragment or value.count("@") > 1:
        return f"{shape}; in user and password write @ as %40, / as %2F, # as %23, ? as %3F"
    return None if bool(parts.username) == bool(parts.password) else f"{shape}: a user has a password"


def _together(values: Mapping[str, str]) -> list[str]:
    """Name the settings that need another one."""
    if values["notify_to"] and not values["smtp_url"]:
        return ["LIENTHONG_NOTIFY_TO is set, and LIENTHONG_SMTP_URL, which says by which server, is not"]
    return []


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "LIENTHONG_HOME", "./lienthong-data", "Folder that holds everything: database, index, settings file.", _anything
    ),
    Setting("LIENTHONG_DATABASE_URL", "", "Database; empty: a SQLite file in the home.", _database, secret=True),
    Setting("LIENTHONG_INDEX_URL", "", "Search index; empty: a tantivy folder in the home.", _index),
    Setting("LIENTHONG_PUBLIC_URL", "http://127.0.0.1:8080", "Base of permalinks and of the OAI baseURL.", _address),
    Setting("LIENTHONG_REPOSITORY_ID", "lienthong.example", "Domain part of OAI identifiers.", _domain),
    Setting("LIENTHONG_WEB_BIND", "127.0.0.1:8080", "Address and port of the web, API and OAI-PMH door.", _bind),
    Setting("LIENTHONG_Z3950_BIND", "127.0.0.1:2100", "Address and port of the Z39.50 door.", _bind),
    Setting("LIENTHONG_ADMIN_EMAIL", "admin@lienthong.example", "Whom OAI harvesters write to (Identify).", _email),
    Setting(
        "LIENTHONG_REPOSITORY_NAME",
        "Liên Thông",
        "Name of the catalogue that OAI harvesters see (Identify).",
        _anything,
    ),
    Setting("LIENTHONG_OAI_PAGE_SIZE", "500", "Records in one page of an OAI-PMH list, 1 to 1000.", _between(1, 1_000)),
    Setting(
        "LIENTHONG_OAI_FRIENDS",
        "",
        "Base URLs of other OAI-PMH repositories to name in Identify, parted by blanks.",
        _addresses,
    ),
    Setting("LIENTHONG_OAI_RIGHTS", "", "Address of the licence of the records; named in Identify.", _maybe_address),
    Setting("LIENTHONG_OAI_LOGO", "", "Address of a picture for the catalogue; named in Identify.", _maybe_address),
    Setting("LIENTHONG_RUNS_AT_ONCE", "2", "Sources that the scheduler harvests at once, 1 to 16.", _between(1, 16)),
    Setting("LIENTHONG_NOTIFY_TO", "", "Mail addresses that notices go to, parted by blanks; empty: none.", _emails),
    Setting("LIENTHONG_NOTIFY_FROM", "", "Sender of notices; empty: LIENTHONG_ADMIN_EMAIL.", _maybe_email),
    Setting(
        "LIENTHONG_SMTP_URL",
        "",
        "Mail server: smtp://user:password@host:587, or smtps://…; STARTTLS is used where it is offered.",
        _smtp,
        secret=True,
    ),
    Setting("LIENTHONG_NOTIFY_WEBHOOK", "", "Address that notices are posted to as JSON.", _maybe_address, secret=True),
    Setting(
        "LIENTHONG_Z3950_CHARSETS",
        "",
        "Charset of Z39.50 clients that cannot say it, by address: `10.0.0.0/8=marc-8 192.0.2.7=latin-1/utf-8`; behind "
        "the slash that of the MARC records they get.",
        _charsets,
    ),
    Setting(
        "LIENTHONG_Z3950_USERS",
        "",
        "File with a line for each user of the Z39.50 door, made by `lienthong z3950 password`; empty: open to all.",
        _maybe_file,
    ),
    Setting("LIENTHONG_Z3950_SESSIONS", "500", "Z39.50 sessions at once, in all.", _between(1, 10_000)),
    Setting(
        "LIENTHONG_Z3950_SESSIONS_PER_ADDRESS",
        "50",
        "Z39.50 sessions at once from one address; this machine is not counted.",
        _between(1, 10_000),
    ),
    Setting(
        "LIENTHONG_Z3950_SEARCHES_PER_MINUTE",
        "600",
        "Searches, scans and sorts a minute from one address, 0: any number; this machine is not counted.",
        _between(0, 1_000_000),
    ),
    Setting(
        "LIENTHONG_Z3950_RECORDS_PER_MINUTE",
        "30000",
        "Records that one address is given a minute, 0: any number; this machine is not counted.",
        _between(0, 100_000_000),
    ),
    Setting(
        "LIENTHONG_Z3950_IDLE_SECONDS", "600", "Seconds of silence after which a session ends.", _between(10, 86_400)
    ),
    Setting(
        "LIENTHONG_PROXIES",
        "0",
        "Reverse proxies in front of the web door; as many of the last addresses of X-Forwarded-For are believed.",
        _between(0, 10),
    ),
    Setting(
        "LIENTHONG_WEB_REQUESTS_PER_MINUTE",
        "240",
        "Pages that one address is given a minute by each process, 0: any number; this machine is not counted.",
        _between(0, 1_000_000),
    ),
    Setting(
        "LIENTHONG_API_REQUESTS_PER_MINUTE",
        "600",
        "Answers of the API that one address is given a minute by each process, 0: any number; this machine is not "
        "counted.",
        _between(0, 1_000_000),
    ),
    Setting(
        "LIENTHONG_LIMITS_STORE",
        "",
        "Where all processes count requests together: `redis://host:6379`; empty: each process counts for itself.",
        _limits_store,
        secret=True,
    ),
    Setting(
        "LIENTHONG_HSTS_DAYS",
        "0",
        "Days for which browsers are told to ask for this catalogue by https only; 0: they are not told.",
        _between(0, 3_650),
    ),
    Setting(
        "LIENTHONG_SEARCH_LOG_DAYS",
        "30",
        "Days for which searches are kept (words, hits, milliseconds; never who asked); 0: none are.",
        _between(0, 3_650),
    ),
    Setting("LIENTHONG_DUMPS_FOLDER", "", "Folder of the open data; empty: `dumps` in the home.", _maybe_folder),
    Setting(
        "LIENTHONG_DUMPS_HOUR",
        "2",
        "Hour, in Vietnam, after which the scheduler makes the open data anew, 0 to 23; off: never.",
        _hour,
    ),
    Setting(
        "LIENTHONG_DUMPS_LICENCE",
        "",
        "Address of the licence of the open data; empty: LIENTHONG_OAI_RIGHTS.",
        _maybe_address,
    ),
)


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings; raises `SettingsError` naming every one that is wrong."""
    environment = os.environ if environment is None else environment
    home = Path(environment.get("LIENTHONG_HOME") or SETTINGS[0].default).expanduser().absolute()
    file = home / "lienthong.toml"
    stored, problems = _stored(file)
    derived = {
        "LIENTHONG_DATABASE_URL": f"sqlite:///{home / 'lienthong.db'}",
        "LIENTHONG_INDEX_URL": f"tantivy:{home / 'index'}",
    }
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        candidates = (
            (environment.get(setting.name), "environment"),
            (stored.get(setting.key), str(file)),
            (setting.default or derived.get(setting.name), "default"),
        )
        found_values = ((str(value), origin) for value, origin in candidates if value)
        value, origins[setting.name] = next(found_values, ("", "default"))
        if found := setting.check(value):
            shown = "***" if setting.secret else repr(value)
            problems.append(f"{setting.name} (from {origins[setting.name]}) is {shown}: {found}")
        values[setting.name.removeprefix("LIENTHONG_").lower()] = value
    problems += _together(values)
    if problems:
        raise SettingsError("settings-invalid", "; ".join(problems), "settings")
    return Settings(**{**values, "home": home, "public_url": values["public_url"].rstrip("/")}, origins=origins)


def _stored(file: Path) -> tuple[dict[str, Any], list[str]]:
    if not file.is_file():
        return {}, []
    try:
        stored = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return {}, [f"{file} cannot be read: {error}"]
    known = {setting.key for setting in SETTINGS[1:]}
    return stored, [f"{file}: unknown setting {key!r}" for key in stored if key not in known]
