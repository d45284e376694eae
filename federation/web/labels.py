"""What codes are called in the reader's language: members, kinds of libraries, materials, languages, decades.

In: a facet's name and a code of it. Out: the words for it; a code without words is shown as it is. A decade's code is
its first year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from schemas.maps.languages import language_name
from schemas.maps.materials import material_label


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language: `lang` is `vi` or `en`, `members` and `kinds` give a name for each code."""

    lang: str
    members: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def of(self, facet: str, code: str) -> str:
        """Give the words for a value of a facet."""
        match facet:
            case "member":
                return self.members.get(code, code)
            case "kind":
                return self.kinds.get(code, code)
            case "material":
                return material_label(code, self.lang)
            case "language":
                return language_name(code, self.lang)
            case "decade":
                return _decade(code)
        return code


def facet_name(facet: str) -> str:
    """Give the heading of a facet."""
    names: dict[str, str] = {
        "member": _("Library"),
        "kind": _("Kind of library"),
        "material": _("Material"),
        "language": _("Language"),
        "decade": _("Year of publication"),
        "creator": _("Creator"),
        "subject": _("Subject"),
    }
    return names[facet]


def _decade(code: str) -> str:
    first = code.removesuffix("s")
    if not first.isdigit():
        return code
    return f"{first}–{int(first) + 9}"
