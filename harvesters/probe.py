"""What a look at a source leads to: the options with which it is harvested best, each with the reason.

In: a source and what was seen of it. Out: `Proposal`s, whether the source is registered already or not. They are
thought out for a library's server that is asked every night.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from harvesters.base import SourceSpec
from harvesters.encoding import guess
from harvesters.files import look as files
from harvesters.oaipmh import look as oaipmh
from harvesters.oaipmh.skew import Clocks
from harvesters.searched import Searched
from harvesters.sru import look as sru
from harvesters.z3950 import look as z3950
from schemas.z3950 import oid

#: records, and hours of a whole harvest, from which one list is better cut
_MANY, _LONG = 50_000, 1.0
#: seconds that a page takes when the usual patience may be too short
_SLOW: Final = 30.0
Seen = oaipmh.Seen | sru.Seen | z3950.Seen | files.Seen


@dataclass(frozen=True, slots=True)
class Proposal:
    """An option (or `prefix`), the value it should have, and why."""

    name: str
    value: str
    reason: str


def probe(spec: SourceSpec, contact: str = "") -> Seen:
    """Look at a source; raises `HarvestError` when it is not there or not of its kind."""
    if spec.kind == "files":
        return files.look(spec, contact)
    if spec.kind == "z3950":
        return z3950.look(spec)
    return sru.look(spec, contact) if spec.kind == "sru" else oaipmh.look(spec, contact)


def proposals(spec: SourceSpec, seen: Seen) -> list[Proposal]:
    """Say which options should be other than they are."""
    found = [*_found(spec, seen), *_encoding(seen)]
    given = {**spec.options, "prefix": spec.prefix}
    return [each for each in found if given.get(each.name, "") != each.value]


def _encoding(seen: Seen) -> list[Proposal]:
    found = guess(seen.records)
    if found is None:
        return []
    reason = f"{found.records} of {found.among} records are in {found.name}, an old Vietnamese encoding"
    return [Proposal("encoding", found.encoding, f"{reason} (score {found.score:.0f})")]


def _found(spec: SourceSpec, seen: Seen) -> list[Proposal]:
    if isinstance(seen, files.Seen):
        return _for_files(seen)
    if isinstance(seen, z3950.Seen):
        return _for_z3950(spec, seen)
    return _for_sru(spec, seen) if isinstance(seen, sru.Seen) else _for_oai(spec, seen)


def _for_files(seen: files.Seen) -> list[Proposal]:
    if not seen.id_field:
        return []
    reason = f"{seen.unnamed} of {seen.total} records have no 001, and this field tells them apart"
    return [Proposal("id", seen.id_field, reason)]


def _for_oai(spec: SourceSpec, seen: oaipmh.Seen) -> list[Proposal]:
    found = []
    offered = {offer.prefix for offer in seen.formats}
    if spec.prefix and offered and spec.prefix not in offered:
        found.append(Proposal("prefix", "", f"the server does not offer {spec.prefix}; empty takes the best it has"))
    if seen.second_page == "taken only with metadataPrefix":
        found.append(Proposal("prefix_with_token", "true", "the second page comes only with metadataPrefix"))
    if seen.taken == "days" and len(seen.granularity) > len("YYYY-MM-DD") and seen.refused_seconds:
        found.append(Proposal("days", "true", "seconds are declared and refused"))
    return [*found, *_patience(spec, seen.latency), *_window(spec, seen), *_overlap(spec, seen)]


def _patience(spec: SourceSpec, latency: float) -> list[Proposal]:
    if latency <= _SLOW or float(spec.options.get("timeout", "180")) >= 600:
        return []
    return [Proposal("timeout", "600", f"an answer takes {latency:.0f} s")]


def _window(spec: SourceSpec, seen: oaipmh.Seen) -> list[Proposal]:
    if spec.options.get("window", "none") != "none" or seen.minds_dates is not True:
        return []
    if seen.second_page.startswith("refused"):
        return [Proposal("window", "auto", "lists break off at their first token; windows cut them where they do")]
    hours = (seen.promised or 0) / max(1, seen.page_size) * seen.latency / 3600
    if (seen.promised or 0) > _MANY or hours > _LONG:
        return [Proposal("window", "month", f"{seen.promised} records are too many for one list")]
    return []


def _overlap(spec: SourceSpec, seen: oaipmh.Seen) -> list[Proposal]:
    """Reach back as far as the clocks differ, and a day where only days are told apart."""
    off = max(Clocks(seen.skew).widening, seen.ahead if seen.ahead < timedelta(hours=15) else timedelta(0))
    needed = timedelta(days=1) if seen.taken != "seconds" or off > timedelta(minutes=5) else timedelta(0)
    stands = timedelta(seconds=float(spec.options.get("overlap", "86400")))
    if stands >= needed:
        return []
    reason = "its clock and its datestamps cannot be relied on to the hour" if off else "only days are told apart"
    return [Proposal("overlap", f"{needed.total_seconds():.0f}", reason)]


def _for_sru(spec: SourceSpec, seen: sru.Seen) -> list[Proposal]:
    found = []
    if not spec.options.get("schema") and seen.chosen:
        found.append(Proposal("schema", seen.chosen, "it is what the server has that we read best"))
    if spec.options.get("version", "auto") == "auto" and seen.asked_version:
        found.append(Proposal("version", seen.asked_version, "it takes it, and need not be asked at every harvest"))
    found += _searched(spec, seen)
    unnamed = sum("id-missing" in record.findings for record in seen.records)
    if unnamed and spec.options.get("id", "001") == "001":
        found.append(Proposal("id", "identifier", f"{unnamed} of {len(seen.records)} records have no 001"))
    return [*found, *_patience(spec, seen.latency)]


def _searched(spec: SourceSpec, seen: Searched) -> list[Proposal]:
    """Say how a result is taken that the server does not give whole, and how changes are asked for."""
    found = []
    if seen.cap:
        found.append(Proposal("cap", f"{seen.cap}", f"of {seen.hits} records no more can be had of one result"))
    if seen.dividing and not spec.options.get("parts"):
        found.append(
            Proposal("parts", seen.dividing, "the result is larger than the cap, and every record is in this index")
        )
    if seen.changes and not spec.options.get("changed_index"):
        found.append(Proposal("changed_index", seen.changes, "changes can be asked for by it"))
        if spec.options.get("full_days", "0") == "0":
            found.append(Proposal("full_days", "30", "changes alone never tell what is gone"))
    return found


def _for_z3950(spec: SourceSpec, seen: z3950.Seen) -> list[Proposal]:
    found = []
    if not spec.options.get("query") and seen.hits:
        reason = f"it finds {seen.hits} records; if that is all, vanished ones can be told"
        found.append(Proposal("query", seen.query, reason))
    holdings = next((each for each in seen.syntaxes if each.holdings), None)
    if not spec.options.get("syntax") and holdings:
        found.append(Proposal("syntax", "opac", "so the records come with their holdings"))
    if not spec.options.get("syntax") and not holdings and seen.asked.syntax == oid.XML:
        found.append(Proposal("syntax", "xml", "the target has no MARC 21"))
        found.append(Proposal("elements", seen.asked.elements or "none", "it takes it"))
    return [*found, *_searched(spec, seen), *_patience(spec, seen.latency)]
