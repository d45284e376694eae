"""How clients speak that cannot say so: charsets by the address they come from.

In: the setting `LIENTHONG_Z3950_CHARSETS` (`10.0.0.0/8=marc-8 192.0.2.7=latin-1/utf-8`) and an address. Out: the
charset of its queries, and that of the MARC records it gets. Of several networks that fit, the smallest one counts.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from schemas.query.charset_names import MARC_8, UTF_8, charset

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Speech:
    """The charset of queries, and that of MARC records: UTF-8 or MARC-8."""

    queries: str = UTF_8
    records: str = UTF_8


UNICODE: Final = Speech()


@dataclass(frozen=True, slots=True)
class Rule:
    """How the clients of one network speak."""

    network: IPv4Network | IPv6Network
    speech: Speech


def read(setting: str) -> tuple[Rule, ...]:
    """Read the setting, the smallest networks first; it was checked when the settings were read."""
    rules = [_rule(*each.split("=")) for each in setting.split()]
    return tuple(sorted(rules, key=lambda rule: rule.network.prefixlen, reverse=True))


def speech(rules: tuple[Rule, ...], address: Address) -> Speech:
    """Say how a client speaks; UTF-8 where no rule fits."""
    return next((rule.speech for rule in rules if address in rule.network), UNICODE)


def address(text: str) -> Address:
    """Read the address of a peer; an IPv4 address in the clothes of IPv6 is the IPv4 address."""
    found = ip_address(text.partition("%")[0])
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def of_name(name: str) -> Speech | None:
    """Say how a client speaks that has chosen a charset; records follow where MARC has such a form."""
    known = charset(name)
    return Speech(known, MARC_8 if known == MARC_8 else UTF_8) if known else None


def _rule(network: str, names: str) -> Rule:
    queries, _, records = names.partition("/")
    spoken = of_name(queries) or UNICODE
    return Rule(ip_network(network), Speech(spoken.queries, charset(records) or spoken.records))
