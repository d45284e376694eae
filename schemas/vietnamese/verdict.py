"""Which of the old encodings the texts of one record are in: by the vote of all of them, or not at all.

In: byte texts (`codes.bytewise`), one for each field or subfield, and what the source says it writes. Out: `Verdict`:
the encoding, how sure, and for each text whether it is to be read so. Texts that are good as they stand, and those in
another language, have no vote; short ones follow the others. Below the margin nothing is decided.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.vietnamese.evidence import AS_IT_STANDS, READINGS, TWICE, is_syllable, readings

#: how far, in logarithms of odds, the best reading must be before the next; from where on a guess is told as doubt
MARGIN: Final = 4.0
DOUBT: Final = 2.5
#: what the vote of a record, and the word of an operator, weigh for one of its texts
_FOLLOWS: Final = 3.0
#: words without marks: what one says for or against Vietnamese, and at most all
_PLAIN_FOR, _PLAIN_AGAINST, _PLAIN_MOST = 0.4, 0.5, 3.0
_OTHER: Final = "other language"
_WORD: Final = re.compile("[A-Za-z\x01-\x06\x11-\x19\x80-\U0010ffff]+")
_MARKED: Final = re.compile("[\x01-\x06\x11-\x19\x80-\U0010ffff]")

Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `encoding` is one of `evidence.READINGS` or empty; `margin` how far it is before `second`.

    `places` are the texts to read so; `doubtful`: it is the best guess and not good enough.
    """

    encoding: str
    margin: float
    second: str
    places: tuple[int, ...]
    doubtful: bool = False


NOTHING: Final = Verdict("", 0.0, "", ())


def judge(texts: Sequence[str], said: str = "") -> Verdict:
    """Find the encoding of the texts of a record; `said` is what its source says, which wins where nothing speaks
    against it.
    """
    weighed = {place: found for place, text in enumerate(texts) if (found := weights(text))}
    votes = {place: found for place, found in weighed.items() if not _has_no_vote(found)}
    if not votes and not said:
        return NOTHING
    best, second, margin = _winner(votes.values(), said)
    if best in ("", AS_IT_STANDS, _OTHER):
        return NOTHING
    if margin < MARGIN and not said:
        return Verdict(best, margin, second, (), doubtful=True) if margin >= DOUBT else NOTHING
    places = tuple(place for place, found in weighed.items() if _follows(found, best))
    return Verdict(best, margin, second, places)


def weights(text: str) -> Weights:
    """Weigh every reading of one text; empty when it has no letter that could be read otherwise."""
    total: Weights = dict.fromkeys(READINGS, 0.0)
    plain, marked = 0.0, False
    for word in _WORD.findall(text):
        if not _MARKED.search(word):
            plain += (_PLAIN_FOR if is_syllable(word) else -_PLAIN_AGAINST) if len(word) > 1 else 0.0
            continue
        found = readings(word)
        if len(found) < len(READINGS) and found[TWICE].weight < 0:
            continue
        marked = True
        for name in READINGS:
            total[name] += found[name].weight if name in found else found[AS_IT_STANDS].weight
    if not marked:
        return {}
    plain = max(-_PLAIN_MOST, min(_PLAIN_MOST, plain))
    return {name: value if name == TWICE else value + plain for name, value in total.items()}


def _has_no_vote(found: Weights) -> bool:
    """Whether a text is good as it stands, or is no Vietnamese however it is read."""
    old = max(value for name, value in found.items() if name != AS_IT_STANDS)
    return found[AS_IT_STANDS] >= old + MARGIN or old <= -MARGIN


def _winner(votes: Iterable[Weights], said: str) -> tuple[str, str, float]:
    total: Weights = dict.fromkeys((*READINGS, _OTHER), 0.0)
    for found in votes:
        for name, value in found.items():
            total[name] += value
    if said:
        total[said] += 2 * MARGIN
    (best, most), (second, next_to_it), *_ = sorted(total.items(), key=lambda pair: -pair[1])
    return best, second, most - next_to_it


def _follows(found: Weights, best: str) -> bool:
    """Whether one text is read as the record is: unless it speaks against it, or is right as it stands."""
    return found[best] + _FOLLOWS > max(found[AS_IT_STANDS], 0.0)


def read(text: str, encoding: str) -> str:
    """Read byte text in an encoding of `READINGS`, word by word."""
    return _WORD.sub(lambda found: _word(found[0], encoding), text)


def _word(word: str, encoding: str) -> str:
    if not _MARKED.search(word):
        return word
    found = readings(word)
    return (found.get(encoding) or found[AS_IT_STANDS]).text
