"""Who made it: the main and added entries of a MARC 21 record (100, 110, 111, 700, 710, 711, 720).

In: one field and the draft of the record. Out: `Agent`s: the heading without role, dates and ending punctuation; the
role as stated in $e ($j for meetings), else the relator code $4. MARC 21 Format for Bibliographic Data, 1XX and
70X-75X.
"""

from collections.abc import Callable

from schemas.bib import Agent, AgentKind, Title
from schemas.crosswalks.isbd import joined, trimmed, unbracketed
from schemas.crosswalks.marc21_draft import Draft
from schemas.marc.record import Field

_NAME: dict[AgentKind, str] = {"person": "abcq", "corporate": "abnc", "meeting": "aendcq"}
_RELATOR_URI = "http://id.loc.gov/vocabulary/relators/"


def agents(kind: AgentKind, main: bool = False) -> Callable[[Draft, Field], None]:
    """Give the handler that reads fields of this kind; `main` for 1XX."""

    def read(draft: Draft, field: Field) -> None:
        agent = agent_of(field, kind, main)
        if ";" in agent.name and kind == "person":
            draft.agents += _divided(agent)
        elif agent.name:
            draft.agents.append(agent)
        if not main and field.indicators[1:] == "2":
            _contained_title(draft, field)

    return read


def agent_of(field: Field, kind: AgentKind, main: bool = False) -> Agent:
    """Give the agent of one heading."""
    name: list[str] = []
    role: list[str] = []
    dates = code4 = ""
    wanted, role_code = _NAME[kind], "j" if kind == "meeting" else "e"
    for code, value in field.subfields:
        if code in "tk":
            break  # what follows belongs to the title of a name-title heading
        if code in wanted:
            name.append(value.strip())
        elif code == "d":
            dates = trimmed(value)
        elif code == role_code:
            role.append(value)
        elif code == "4":
            code4 = code4 or value.removeprefix(_RELATOR_URI).strip(" .,")
    heading = name[0] if len(name) == 1 else " ".join(name)
    return Agent(unbracketed(trimmed(heading)), kind, joined(role, ", ") if role else code4, dates, main)


def is_relator_code(role: str) -> bool:
    """Tell whether a role is a code of the MARC relator list (three small letters) and no word."""
    return len(role) == 3 and role.isascii() and role.isalpha() and role.islower()


def _divided(agent: Agent) -> list[Agent]:
    # Catalogues made from lists write all authors into one heading; no heading of a person holds a semicolon.
    names = [kept for one in agent.name.split(";") if (kept := trimmed(one))]
    return [Agent(name, agent.kind, agent.role, "", agent.main and name == names[0]) for name in names]


def _contained_title(draft: Draft, field: Field) -> None:
    title, part = field.get("t"), joined(field.all("np"), ". ")
    if title:
        draft.other_titles.append(Title(trimmed(title), part=part))
