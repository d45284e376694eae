"""What is compared of those who made a book: persons, bodies, translators.

In: two `Profile`s. Out: `Observed`, or None where nobody is named.
"""

from federation.matching import weights
from federation.matching.names import (
    LEAST,
    Name,
    bodies_agree,
    is_foreign,
    is_state,
    named_in,
    shared,
    slipped,
    sound_alike,
    weight_of,
    without_tones,
)
from federation.matching.observed import Observed
from federation.matching.profile import Profile
from schemas.vietnamese.fold import folded


def names(left: Profile, right: Profile) -> Observed | None:
    """Compare the persons: of one with those of the other, then with its statement of responsibility."""
    mine, theirs = left.names, right.names
    if not mine and not theirs:
        return None
    if mine == theirs and (bits := weight_of(mine[0])) >= LEAST:
        weight = min(bits, weights.NAMES_MOST)
    else:
        weight = _names(left, right)
    return Observed("names", weight, _joined(mine), _joined(theirs))


def _names(left: Profile, right: Profile) -> float:
    toned = left.marked and right.marked
    mine, theirs = (left.names, right.names) if toned else (left.untoned, right.untoned)
    bits = shared(mine, theirs)
    if bits < LEAST and (left.said or right.said):
        said = (left.said, right.said) if toned else (_bare(left.said), _bare(right.said))
        bits = max(bits, named_in(mine, said[1]), named_in(theirs, said[0]))
    if bits >= LEAST:
        return min(bits, weights.NAMES_MOST)
    if mine and theirs:
        if not left.title.proper.isascii() and is_foreign(mine) and is_foreign(theirs):
            return weights.NAMES_FOREIGN
        if sound_alike(mine, theirs):
            return weights.NAMES_SOUND
        almost = shared(left.untoned, right.untoned) >= LEAST if toned else False
        return weights.NAMES_TONES if almost or slipped(left.untoned, right.untoned) else weights.NAMES_DIFFER
    return weights.NAMES_UNTOLD if (left.said and not mine) or (right.said and not theirs) else weights.NAMES_ONE


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(folded, words))


def bodies(left: Profile, right: Profile) -> Observed | None:
    """Compare the bodies; one may stand in the other's statement of responsibility only."""
    mine, theirs = left.bodies, right.bodies
    if not mine and not theirs:
        return None
    agreed = bodies_agree(mine or (left.said,), theirs or (right.said,))
    agreed = agreed or _told_in_subtitle(left, right) or _told_in_subtitle(right, left)
    if agreed:
        weight = weights.BODY_STATE if is_state(agreed) else weights.BODY
    else:
        weight = weights.BODY_DIFFERS if mine and theirs else 0.0
    return Observed("body", weight, _joined(mine), _joined(theirs))


def _told_in_subtitle(one: Profile, other: Profile) -> Name:
    """Give the body of one that the other, a magazine, tells in its subtitle: diễn đàn của Hội Văn học Nghệ thuật."""
    if other.level != "s" or other.bodies:
        return ()
    told = set(other.title.rest)
    return next((body for body in one.bodies if set(map(folded, body)) <= told and not is_state(body)), ())


def serial(left: Profile, right: Profile) -> Observed | None:
    """Compare what tells serials of one title apart: the place, with the house or the body that brings them out."""
    if left.level != "s" or right.level != "s" or set(left.places).isdisjoint(right.places):
        return None
    body = bodies(left, right)
    if set(left.publishers).isdisjoint(right.publishers) and (body is None or body.weight < weights.BODY):
        return None
    return Observed("serial", weights.SERIAL, "; ".join(left.places), "; ".join(right.places))


def translators(left: Profile, right: Profile) -> Observed | None:
    """Compare the translators: another translation is another edition."""
    mine, theirs = left.translators, right.translators
    if not mine or not theirs:
        return None
    bits = shared(without_tones(mine), without_tones(theirs))
    return Observed("translator", weights.TRANSLATOR if bits >= LEAST else weights.VETO, _joined(mine), _joined(theirs))


def _joined(found: tuple[tuple[str, ...], ...]) -> str:
    return "; ".join([" ".join(name) for name in found])
