"""What was found in the wild, to be read by a person.

In: a `Catalogue` and its `Findings`. Out: lines of text.
"""

import statistics
from collections.abc import Iterator, Sequence

from federation.matching import RULES
from federation.matching.keys import MOST_SHARING, keys
from tests.accuracy.wild import SORTS, Findings, Met
from tests.accuracy.wild_catalogue import Catalogue

_GROUPS, _TITLES, _KEYS = 12, 8, 12


def lines(catalogue: Catalogue, found: Findings) -> Iterator[str]:
    """Write everything."""
    yield from _counts(catalogue, found)
    yield from _largest_keys(found)
    yield "\n## Not taken for one with their equals"
    yield from (
        f"{len(catalogue.places[one]):>7,}  {_said(catalogue, one)}"
        for one in sorted(found.apart, key=lambda one: -len(catalogue.places[one]))[:_KEYS]
    )
    yield from _groups("Largest unions (connected by `same`)", catalogue, found.unions)
    yield from _groups("Largest title groups (`same` or related)", catalogue, found.titles)
    yield f"\n## Pairs that forbid each other and stand in one union by a chain: {len(found.broken):,}"
    yield from _some(catalogue, found.broken, found.samples.most)
    yield f"\n## Pairs neither same nor related that stand in one title group by a chain: {len(found.strained):,}"
    yield from _some(catalogue, found.strained, found.samples.most)
    for sort in SORTS:
        yield f"\n## {found.samples.counts[sort]:,} pairs {sort}; {len(found.samples.kept[sort])} of them by chance"
        for met in found.samples.kept[sort]:
            yield from _pair(catalogue, met)


def _counts(catalogue: Catalogue, found: Findings) -> Iterator[str]:
    candidates = sorted(found.candidates) or [0]
    saved = sum(len(places) - 1 for places in catalogue.places)
    merged = sum(len(group) - 1 for group in found.unions)
    yield f"Rules {RULES}; {catalogue.records:,} records read, {catalogue.unread:,} unread"
    yield f"profiles {len(catalogue.profiles):,}; records whose profile another has too {saved:,}"
    apart = sum(len(catalogue.places[one]) for one in found.apart)
    yield f"records that have an equal and are not taken for one with it {apart:,} (too little is said in them)"
    yield f"profiles without a key {found.without_key:,}"
    yield (
        f"candidates per profile: mean {statistics.fmean(candidates):.2f}, p50 {_percentile(candidates, 50)}, "
        f"p99 {_percentile(candidates, 99)}, most {candidates[-1]}"
    )
    yield "pairs: " + ", ".join(f"{found.samples.counts[sort]:,} {sort}" for sort in SORTS)
    yield f"unions of several profiles {len(found.unions):,}, which save {merged:,} rows"
    yield f"title groups of several profiles {len(found.titles):,}"


def _percentile(ordered: Sequence[int], share: int) -> int:
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def _largest_keys(found: Findings) -> Iterator[str]:
    unused = sum(size > MOST_SHARING for size in found.sizes.values())
    yield f"\n## Keys that most profiles carry ({unused:,} are carried by more than {MOST_SHARING} and not used)"
    for key, size in sorted(found.sizes.items(), key=lambda item: -item[1])[:_KEYS]:
        yield f"{size:>7,}  {key}"


def _groups(title: str, catalogue: Catalogue, groups: Sequence[Sequence[int]]) -> Iterator[str]:
    yield f"\n## {title}"
    for group in groups[:_GROUPS]:
        records = sum(len(catalogue.places[one]) for one in group)
        yield f"{len(group)} profiles, {records} records"
        for one in group[:_TITLES]:
            yield f"    {_said(catalogue, one)}"


def _some(catalogue: Catalogue, pairs: Sequence[Met], most: int) -> Iterator[str]:
    """Give some of the pairs, from all over the list."""
    for met in pairs[:: max(1, -(-len(pairs) // most))]:
        yield from _pair(catalogue, met)


def _pair(catalogue: Catalogue, met: Met) -> Iterator[str]:
    verdict = met.verdict
    reasons = ", ".join(f"{reason.name} {reason.weight:+.2f}" for reason in verdict.reasons if reason.weight)
    shared = set(keys(catalogue.profiles[met.left])) & set(keys(catalogue.profiles[met.right]))
    yield f"- {verdict.decision} {verdict.score:.2f}: {reasons} | keys {', '.join(sorted(shared))[:80]}"
    for one in (met.left, met.right):
        yield f"    {_said(catalogue, one)}"


def _said(catalogue: Catalogue, one: int) -> str:
    return f"{catalogue.said[one]}  [{catalogue.places[one][0]}]"
