"""Field specs: a short text such as `245abnp` that says which values of a record are meant.

In: a record and a spec. Out: the values, in the order of the record. A spec is parts joined by `:`; a part is a tag
(X or . stands for any character), `|12|` for indicators (* for any), and subfield codes, or `/35-37` for places of a
control field. One code gives each subfield by itself; several codes, or none, give one text per field.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from schemas.marc.record import Field, MarcRecord

_PART: Final = re.compile(
    r"(?P<tag>[0-9A-Za-z.]{3})(?:\|(?P<first>[0-9a-z* ])(?P<second>[0-9a-z* ])\|)?"
    r"(?:/(?P<start>\d+)(?:-(?P<stop>\d+))?|(?P<codes>[^\s:|/]*))"
)
_LINK: Final = re.compile(r"([0-9A-Za-z]{3})-\d\d")


@dataclass(frozen=True, slots=True)
class Spec:
    """One part of a spec, ready to compare: a pattern for the tag, indicators or *, codes, places of characters."""

    tag: re.Pattern[str]
    exact: str
    indicators: str
    codes: str
    places: slice | None


@lru_cache(maxsize=1024)
def compiled(spec: str) -> tuple[Spec, ...]:
    """Read a spec; raises ValueError that shows the part that is none."""
    return tuple(_part(part) for part in spec.split(":"))


def _part(part: str) -> Spec:
    found = _PART.fullmatch(part)
    if not found:
        raise ValueError(f"not a field spec: {part!r}; write a tag and codes, such as 245abnp or 008/35-37")
    tag = found["tag"].replace("X", ".")
    start, stop = found["start"], found["stop"] or found["start"]
    places = slice(int(start), int(stop) + 1) if start else None
    indicators = (found["first"] or "*") + (found["second"] or "*")
    return Spec(re.compile(tag), "" if "." in tag else tag, indicators, found["codes"] or "", places)


def values(record: MarcRecord, spec: str, linked: bool = False) -> list[str]:
    """Give the values that `spec` names; with `linked` also those of the 880 fields that belong to its fields."""
    out: list[str] = []
    for part in compiled(spec):
        for field in record.fields:
            if (field.tag == part.exact if part.exact else part.tag.fullmatch(field.tag)) and _fits(field, part):
                out.extend(_values(field, part))
        if linked:
            for field in record.of("880"):
                if part.tag.fullmatch(linked_tag(field)) and _fits(field, part):
                    out.extend(_values(field, part))
    return out


def first(record: MarcRecord, spec: str) -> str:
    """Give the first value that `spec` names, or an empty string."""
    return next(iter(values(record, spec)), "")


def linked_tag(field: Field) -> str:
    """Give the tag that an 880 field stands for ($6 245-01/$1), or an empty string."""
    link = _LINK.match(field.get("6"))
    return link[1] if link else ""


def _fits(field: Field, part: Spec) -> bool:
    wanted = part.indicators
    return wanted == "**" or all(one in {"*", found} for one, found in zip(wanted, field.indicators, strict=False))


def _values(field: Field, part: Spec) -> list[str]:
    if not field.subfields:
        value = field.value[part.places] if part.places else field.value
        return [value] if value else []
    if len(part.codes) == 1:
        return [value for code, value in field.subfields if code == part.codes and value]
    wanted = [value for code, value in field.subfields if value and (code in part.codes if part.codes else code != "6")]
    return [" ".join(wanted)] if wanted else []
