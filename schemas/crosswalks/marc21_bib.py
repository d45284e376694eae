"""From a MARC 21 record to the record of the house: the one crosswalk every MARC record walks.

In: a `MarcRecord`, cleaned or not, and the mapping of its holdings. Out: a `Bib` and the issues found on the way; it
never raises. One pass: each field goes to the handler of its tag, an 880 to the handler of the tag it is linked with.
MARC 21 Format for Bibliographic Data.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from schemas.bib import Agent, Bib, Edition, Title, replace
from schemas.crosswalks import marc21_agents, marc21_codes, marc21_description, marc21_numbers, marc21_subjects
from schemas.crosswalks.marc21_draft import Draft
from schemas.crosswalks.marc21_holdings import DEFAULT, HoldingsMapping, holdings
from schemas.crosswalks.marc21_titles import numbered, other_title, title
from schemas.issues import Issue, issue
from schemas.marc.record import Field, MarcRecord

Handler = Callable[[Draft, Field], None]
_Value = TypeVar("_Value")


def _keep(name: str) -> Handler:
    def read(draft: Draft, field: Field) -> None:
        if not getattr(draft, name):
            setattr(draft, name, field.value)

    return read


_AGENTS: Final[dict[str, Handler]] = {
    "100": marc21_agents.agents("person", main=True),
    "110": marc21_agents.agents("corporate", main=True),
    "111": marc21_agents.agents("meeting", main=True),
    "700": marc21_agents.agents("person"),
    "710": marc21_agents.agents("corporate"),
    "711": marc21_agents.agents("meeting"),
    "720": marc21_agents.agents("person"),
}
_TITLE_TAGS: Final = "130 210 222 240 242 243 246 247 730 740"
_TITLES: Final = dict.fromkeys(_TITLE_TAGS.split(), other_title)
_SUBJECTS: Final[dict[str, Handler]] = {
    "600": marc21_subjects.subjects("person"),
    "610": marc21_subjects.subjects("corporate"),
    "611": marc21_subjects.subjects("corporate"),
    "630": marc21_subjects.subjects("title"),
    "648": marc21_subjects.subjects("topic"),
    "650": marc21_subjects.subjects("topic"),
    "651": marc21_subjects.subjects("place"),
    "653": marc21_subjects.keywords,
    "654": marc21_subjects.subjects("topic"),
    "655": marc21_subjects.subjects("genre"),
    "656": marc21_subjects.subjects("topic"),
    "657": marc21_subjects.subjects("topic"),
    "690": marc21_subjects.subjects("topic", "local"),
    "691": marc21_subjects.subjects("place", "local"),
}
_NOTE_TAGS: Final = "500 501 504 508 511 513 515 518 521 522 525 530 533 534 536 538 544 545 546 550 580 586"
#: Without 541, 561, 583, 588 and 59X: where a copy came from, what was done to it, what staff tell each other.
_NOTES: Final[dict[str, Handler]] = {
    **dict.fromkeys(_NOTE_TAGS.split(), marc21_description.notes("3abcdefnmp")),
    "502": marc21_description.thesis,
    "506": marc21_description.notes("a"),
    "510": marc21_description.notes("abc"),
    "540": marc21_description.notes("a"),
    "555": marc21_description.notes("a"),
    "773": marc21_description.host,
    "505": marc21_description.contents,
    "520": marc21_description.summary,
}
_DESCRIPTION: Final[dict[str, Handler]] = {
    "250": marc21_description.edition,
    "260": marc21_description.publication,
    "264": marc21_description.publication,
    "300": marc21_description.extent,
    "440": marc21_description.series,
    "490": marc21_description.series,
    "830": marc21_description.series,
    "800": marc21_description.series_by_agent,
    "810": marc21_description.series_by_agent,
    "811": marc21_description.series_by_agent,
}
#: What an 880 may stand for: text that a reader may search in its own script.
_LINKED: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        **_AGENTS,
        **_TITLES,
        **_SUBJECTS,
        **_NOTES,
        **_DESCRIPTION,
        "245": other_title,
        "100": _AGENTS["700"],
        "110": _AGENTS["710"],
        "111": _AGENTS["711"],
    }
)


def _linked(draft: Draft, field: Field) -> None:
    handler = _LINKED.get(tag := field.get("6")[:3])
    if handler:
        handler(draft, field._replace(tag=tag))


def _technical(draft: Draft, field: Field) -> None:
    _NOTES["538"](draft, field)
    marc21_codes.talking_book(draft, field)


_HANDLERS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        **_AGENTS,
        **_TITLES,
        **_SUBJECTS,
        **_NOTES,
        **_DESCRIPTION,
        "001": _keep("control_number"),
        "003": _keep("control_agency"),
        "007": marc21_codes.physical,
        "008": _keep("form008"),
        "010": marc21_numbers.lccn_field,
        "020": marc21_numbers.isbn_field,
        "022": marc21_numbers.issn_field,
        "024": marc21_numbers.standard_number,
        "035": marc21_numbers.system_number,
        "041": marc21_codes.languages,
        "050": marc21_numbers.classes("lcc"),
        "060": marc21_numbers.classes("nlm"),
        "080": marc21_numbers.classes("udc"),
        "082": marc21_numbers.classes("ddc"),
        "083": marc21_numbers.classes("ddc"),
        "084": marc21_numbers.classes(""),
        "245": title,
        "336": marc21_codes.content,
        "338": marc21_codes.carrier,
        **dict.fromkeys(("028", "347", "516"), marc21_codes.talking_book),
        "538": _technical,
        "856": marc21_description.links,
        "880": _linked,
    }
)


def reads(tag: str) -> bool:
    """Tell whether a field of this tag describes the publication."""
    return tag in _HANDLERS


def bib(record: MarcRecord, rules: HoldingsMapping = DEFAULT) -> tuple[Bib, list[Issue]]:
    """Give the `Bib` of a record and what was found wrong with it; holdings are read as `rules` say."""
    draft = Draft()
    for field in record.fields:
        handler = _HANDLERS.get(field.tag)
        if handler:
            handler(draft, field)
    return _finished(record, draft, rules), draft.issues


def _finished(record: MarcRecord, draft: Draft, rules: HoldingsMapping) -> Bib:
    title = _title(draft)
    agency = draft.control_agency.strip()
    number = draft.control_number.strip()
    if oclc := marc21_numbers.oclc_of_control_number(number, agency):
        draft.identifiers.append(oclc)
    level = record.leader[7:8]
    return Bib(
        title,
        marc21_codes.material(record.leader, draft),
        level if level in marc21_codes.LEVELS else "m",
        _once([*marc21_codes.language_codes([draft.form008[35:38]]), *draft.languages]),
        _once(draft.originals),
        tuple(other for other in _once(draft.other_titles) if other != title),
        _agents(draft.agents),
        _once(draft.identifiers),
        _once(draft.subjects),
        _once(draft.classes),
        Edition(draft.edition),
        marc21_description.dated(draft),
        draft.extent,
        draft.dimensions,
        _once(draft.series),
        " ".join(draft.summary),
        " ".join(draft.contents),
        _once(draft.notes),
        _once(draft.links),
        holdings(record, rules),
        number,
        agency,
        marc21_codes.carriers(record.leader, draft),
        marc21_codes.content_types(record.leader, draft),
        draft.host,
    )


def _title(draft: Draft) -> Title:
    title = draft.title
    if title is None:
        draft.issues.append(issue("title-missing", "245"))
        title = draft.other_titles[0] if draft.other_titles else Title("")
    return numbered(title, draft.volume) if draft.volume else title


def _agents(agents: list[Agent]) -> tuple[Agent, ...]:
    # Only one main entry can be; a second 1XX is kept as an added entry.
    mains = [agent for agent in agents if agent.main]
    if len(mains) > 1:
        agents = [replace(agent, main=agent is mains[0]) if agent.main else agent for agent in agents]
    return _once(agents)


def _once(values: list[_Value]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys(values)) if len(values) > 1 else tuple(values)
