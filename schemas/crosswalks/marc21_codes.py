"""Coded values of a MARC 21 record: material and level (leader, 007, 008), languages (008, 041), country (008).

In: leader, 007, 008 and the field 041. Out: codes of the tables in `schemas.maps`; what says "not stated" (`und`,
`|||`, `zxx`, `xx`) is left out. MARC 21 Format for Bibliographic Data, Leader, 007, 008, 041.
"""

import re
from collections.abc import Iterable
from typing import Final

from schemas.crosswalks.marc21_draft import Draft
from schemas.maps import language, material_type
from schemas.marc.record import Field

DAISY: Final = "file daisy"
_NO_LANGUAGE: Final = frozenset(("", "und", "zxx", "xxx", "n/a"))
LEVELS: Final = frozenset("abcdims")
#: 008/29 holds the form of item in maps and visual materials, 008/23 in all others.
FORM_AT_29: Final = frozenset("efgkor")
#: 007/00-01: an online computer file, another computer file, a microform.
_FORMS_007: Final = {"cr": "o", "c": "s", "co": "q", "cd": "q", "h": "a", "ha": "a", "hd": "a", "he": "b", "hg": "c"}
#: 007/00-01, and what 007/03 or 007/04 tells more: speed of a disc, format of a video
_CARRIERS_007: Final = {"sd": "disc", "ss": "tape", "st": "tape reel", "v": "video"}
_SPEEDS: Final = {"b": "disc lp", "c": "disc lp", "f": "disc cd"}
_VIDEOS: Final = {"b": "video vhs", "s": "video bluray", "v": "video dvd"}
#: 338 $b of recordings
_CARRIERS_338: Final = {"sd": "disc", "ss": "tape", "st": "tape reel", "vd": "video", "vf": "video vhs"}
#: what the leader says a thing contains, as 336 $b says it; others are stated only where they are not this
_CONTENT_OF: Final = {"a": "txt", "t": "txt", "c": "ntm", "d": "ntm", "i": "spw", "j": "prm"}
#: 336 $a of records without $b
_CONTENT_TERMS: Final = {
    **{"text": "txt", "still image": "sti", "spoken word": "spw", "performed music": "prm", "notated music": "ntm"},
    **{"văn bản": "txt", "hình ảnh tĩnh": "sti", "lời nói": "spw", "tactile text": "tct", "computer program": "cop"},
}
#: publishers of talking books (028 $b) that make nothing else on discs
_TALKING: Final = frozenset(("celia", "dedicon"))
_ACCESS: Final = {"o": ("access online",), "q": ("access direct",)}
_MAYBE_NARROWER: Final = frozenset(("book", "ebook", "manuscript"))
_MAYBE_STANDARD: Final = re.compile("[Tt][Cc]|QCVN")
#: A Vietnamese standard: its number begins the title or follows a dash or colon, or its series stands as author.
_STANDARD: Final = re.compile(
    r"(?:\A|[:–-]\s+)(?:(?:TCVN|QCVN|TCXDVN|TCXD|TCN|TCCS)\s?[0-9]|tiêu chuẩn (?:việt nam|ngành|xây dựng)\Z)",
    re.IGNORECASE,
)


def language_codes(texts: Iterable[str]) -> list[str]:
    """Give the MARC codes in these texts; old records write several into one ("engfre"), some use ISO 639-1."""
    codes: list[str] = []
    for text in texts:
        run = text.strip().lower()
        if len(run) == 2:
            run = language(run)
        step = 3 if len(run) % 3 == 0 else len(run)
        codes += [code for start in range(0, len(run), step or 1) if (code := run[start : start + step])]
    return [code for code in codes if len(code) == 3 and code.isascii() and code.isalpha() and code not in _NO_LANGUAGE]


def languages(draft: Draft, field: Field) -> None:
    """Read 041: languages of the text ($a, sung or spoken $d), original languages ($h)."""
    draft.languages += language_codes(field.all("ad"))
    draft.originals += language_codes(field.all("h"))


def carrier(draft: Draft, field: Field) -> None:
    """Read 338: an online resource or a microform, for records whose 008 does not say so."""
    code, term = field.get("b").strip(), field.get("a").casefold()
    if code == "cr" or "online resource" in term or "trực tuyến" in term:
        draft.carrier = "o"
    elif code[:1] == "h" or "microf" in term:
        draft.carrier = "a"
    elif found := _CARRIERS_338.get(code):
        draft.carriers.append(found)


def content(draft: Draft, field: Field) -> None:
    """Read 336: what it contains."""
    codes = [code for value in field.all("b") if len(code := value.strip()) == 3]
    terms = [_CONTENT_TERMS.get(term.casefold().strip(" .")) for term in field.all("a")] if not codes else []
    draft.contained += codes + [term for term in terms if term]


def content_types(leader: str, draft: Draft) -> tuple[str, ...]:
    """Give what it contains, where that is another thing than the leader says."""
    implied = _CONTENT_OF.get(leader[6:7])
    if not draft.contained or implied is None or implied in draft.contained:
        return ()
    return tuple(sorted(set(draft.contained)))


def talking_book(draft: Draft, field: Field) -> None:
    """Read 028, 347, 516 or 538: whether it is in the DAISY format, which is made for people who cannot read print."""
    said = [value.casefold() for _, value in field.subfields]
    is_of_such = field.tag == "028" and field.get("b").casefold().strip(" .") in _TALKING
    draft.daisy = draft.daisy or is_of_such or any("daisy" in value for value in said)


def physical(draft: Draft, field: Field) -> None:
    """Read 007: the first is kept for the material, each tells of a carrier."""
    form = field.value
    draft.form007 = draft.form007 or form
    found = _CARRIERS_007.get(form[:2].rstrip(" |")) or _CARRIERS_007.get(form[:1], "")
    more = _SPEEDS.get(form[3:4]) if found == "disc" else _VIDEOS.get(form[4:5]) if found == "video" else ""
    if found:
        draft.carriers.append(more or found)


def carriers(leader: str, draft: Draft) -> tuple[str, ...]:
    """Give what the publication is on; carriers of several sorts are a kit, or go with a book, and say nothing."""
    daisy = (DAISY,) if draft.daisy else ()
    if draft.carriers and len({carrier.partition(" ")[0] for carrier in draft.carriers}) > 1:
        return daisy
    found = access(_stated_form(leader, draft))
    return (*dict.fromkeys(draft.carriers), *found, *daisy) if draft.carriers or daisy else found


def access(form: str) -> tuple[str, ...]:
    """Give what a form of item (008/23) says of how a file is reached, as a carrier."""
    return _ACCESS.get(form, ())


def _stated_form(leader: str, draft: Draft) -> str:
    at = 29 if leader[6:7] in FORM_AT_29 else 23
    return draft.form008[at : at + 1].strip(" |")


def material(leader: str, draft: Draft) -> str:
    """Give the material; the form of item is taken from 007, 338 or 245 $h where 008 is silent."""
    kind, level = leader[6:7], leader[7:8]
    form = _stated_form(leader, draft) or draft.carrier or _FORMS_007.get(draft.form007[:2].rstrip(" |"), "")
    found = material_type(kind, level, form)
    return (_narrower(draft) or found) if found in _MAYBE_NARROWER else found


def _narrower(draft: Draft) -> str:
    """Tell theses and standards, which the leader counts among the books (008/24-27, 502, the number of a standard)."""
    nature = draft.form008[24:28]
    if draft.thesis or "m" in nature:
        return "thesis"
    title = draft.title.main if draft.title else ""
    if "u" in nature or (_MAYBE_STANDARD.search(title) and _STANDARD.search(title)):
        return "standard"
    return "standard" if any(agent.main and _STANDARD.match(agent.name) for agent in draft.agents) else ""


def country(form008: str) -> str:
    """Give the MARC code of the country of publication (008/15-17), or an empty string."""
    code = form008[15:18].strip(" |\\").lower()
    return code if code.isascii() and code.isalpha() and code != "xx" and len(code) > 1 else ""
