"""Records that the tests of matching start from, and how they are compared."""

from typing import Any

from federation.matching.compare import Verdict
from federation.matching.compare import compare as compare_profiles
from federation.matching.keys import keys
from federation.matching.profile import profile
from schemas.bib import Agent, Bib, Edition, Identifier, Publication, Series, Title, replace

ISBN = Identifier("isbn", "9786042089012")
BOOK = Bib(
    Title("Dế mèn phiêu lưu ký", responsibility="Tô Hoài"),
    languages=("vie",),
    agents=(Agent("Tô Hoài", main=True),),
    publication=Publication("Hà Nội", "Kim Đồng", "2019", 2019),
    extent="148 tr.",
)
TEXTBOOK = Bib(
    Title("Ngữ văn 6", number="Tập một"),
    languages=("vie",),
    agents=(Agent("Nguyễn Khắc Phi", main=True),),
    publication=Publication("Hà Nội", "Giáo dục", "2011", 2011),
)


def compare(left: Bib, right: Bib) -> Verdict:
    """Compare both ways: a verdict does not depend on the order."""
    verdict, other = (compare_profiles(profile(one), profile(two)) for one, two in ((left, right), (right, left)))
    assert (verdict.decision, verdict.vetoed, verdict.related) == (other.decision, other.vetoed, other.related)
    assert abs(verdict.score - other.score) < 1e-9
    return verdict


def but(bib: Bib, **changes: Any) -> Bib:
    """Give a record that says something else; a bare year, publisher, edition, title or person is enough."""
    if "year" in changes:
        changes["publication"] = replace(bib.publication, year=changes.pop("year"), date="")
    if "publisher" in changes:
        changes["publication"] = replace(bib.publication, publisher=changes.pop("publisher"))
    if isinstance(changes.get("edition"), str):
        changes["edition"] = Edition(changes["edition"])
    if isinstance(changes.get("title"), str):
        changes["title"] = Title(changes["title"])
    if isinstance(changes.get("agents"), str):
        changes["agents"] = tuple(Agent(name, main=at == 0) for at, name in enumerate(changes["agents"].split("|")))
    if isinstance(changes.get("series"), tuple) and isinstance(changes["series"][0], str):
        changes["series"] = (Series(*changes["series"]),)
    return replace(bib, **changes)


def meet(left: Bib, right: Bib) -> bool:
    """Tell whether two records are candidates."""
    return not set(keys(profile(left))).isdisjoint(keys(profile(right)))
