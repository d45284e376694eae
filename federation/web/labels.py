"""What codes are called in the reader's language: members, kinds of libraries, materials, languages, decades.

In: a facet's name and a code of it. Out: the words for it; a code without words is shown as it is. A decade's code is
its first year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from federation.catalogue.facets import Called, by_name, value_label
from federation.languages.language import Language
from schemas.query import access_points


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language; `members` and `kinds` give a name for each code."""

    language: Language
    members: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    #: member -> the node of the tree of places that it stands under
    parents: Mapping[str, str] = field(default_factory=dict)

    def heading(self, facet: str) -> str:
        """Give the heading of a facet."""
        if row := by_name(facet):
            return row.label(self.language)
        point = access_points.by_name(facet)
        return self.language.caption(access_points.TABLE, point.label_vi, point.label_en) if point else facet

    def of(self, facet: str, code: str) -> str:
        """Give the words for a value of a facet."""
        if facet == "kind":
            return self.kinds.get(code, code)
        if facet == "year":
            return _span(code)
        return value_label(facet, code, self.language, Called(self.members, self.areas))

    def level(self, code: str) -> str:
        """Give the words for a level of administration; empty for none."""
        return self.language.called("levels", code) if code else ""


def _span(code: str) -> str:
    first, dash, last = code.partition("-")
    if not dash or (first and last):
        return f"{first}–{last}" if dash else first
    return str(_("from %(year)s", year=first) if first else _("to %(year)s", year=last))
