"""Which of the old encodings the texts of one record are in: by the vote of all of them, or not at all.

In: byte texts (`codes.bytewise`), one for each field or subfield, and what the source says it writes. Out: `Verdict`:
the encoding, how sure, and for each text whether it is to be read so. Texts that are good as they stand, and those in
another language, have no vote; short ones follow the others. Below the margin nothing is decided.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.vietnamese import codes
from schemas.vietnamese.evidence import AS_IT_STANDS, READINGS, TWICE, is_syllable, readings

#: how far, in logarithms of odds, the best reading must be before text as it stands, and before another old encoding;
#: from where on a guess is told as doubt
MARGIN: Final = 4.0
RIVAL: Final = 2.0
DOUBT: Final = 2.5
#: how much each word of a text may speak against the vote of its record: of one that came as bytes, as Unicode, and
#: of one with other words in good Unicode, and of one where nothing but the word of the operator speaks for it
_BYTES, _FOLLOWS, _BESIDE_UNICODE, _ON_HIS_WORD = 4.0, 2.0, 1.0, 0.0
#: for Vietnamese as it stands, in each text that came as Unicode, and in each that came as bytes
_STOOD_AS_UNICODE, _STOOD_AS_BYTES = 3.0, -2.0
#: what the word of an operator weighs for a record
_BONUS: Final = 8.0
#: words without marks: what one says for or against Vietnamese, and at most all
_PLAIN_FOR, _PLAIN_AGAINST, _PLAIN_MOST = 0.4, 0.5, 3.0
_OTHER: Final = "another language"
#: signs beside numbers are none of the letters: © 2016, § 5, 25 °C, 3 µm, 1ª, Nº
_MEASURE: Final = (
    "[\xa3\xa7\xa9\xb1](?= ?[0-9])|(?<=[0-9]) ?[\xaa\xb0\xb2\xb3\xb5\xb9\xba\xbc-\xbe][A-Za-z]?(?![A-Za-z\x80-\xff])"
    "|\\b[Nn][\xb0\xba](?![A-Za-z\x80-\xff])"
)
_WORD: Final = re.compile(f"(?:{_MEASURE})|(?P<word>[A-Za-z\x01-\x06\x11-\x19\x80-\U0010ffff]+)")
_MARKED: Final = re.compile("[\x01-\x06\x11-\x19\x80-\U0010ffff]")


Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known beforehand: what the source says it writes, which wins where nothing speaks against it, and which
    texts came as bytes of no known encoding; these are all of one.
    """

    said: str = ""
    as_bytes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The weights of a text, without those of words that have no marks; of how many words; what these others weigh; and
    whether some words are good and have letters of Unicode.
    """

    weights: Weights
    words: int
    plain: float
    in_unicode: bool

    def vote(self, standing: float) -> Weights:
        added = dict.fromkeys(READINGS, self.plain) | {TWICE: 0.0, AS_IT_STANDS: self.plain + standing}
        return {name: value + added[name] for name, value in self.weights.items()}

    def against(self, reading: str) -> float:
        """How much each word speaks against a reading, for the text as it stands."""
        return (max(self.weights[AS_IT_STANDS], 0.0) - self.weights[reading]) / self.words

    def patience(self, as_bytes: bool, voted: bool) -> float:
        """How much may speak against it, where others have voted or only the operator says it."""
        if not voted:
            return _FOLLOWS if as_bytes else _ON_HIS_WORD
        return _BYTES if as_bytes else _BESIDE_UNICODE if self.in_unicode else _FOLLOWS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `encoding` is one of `evidence.READINGS` or empty; `margin` how far it is before `second`.

    `places` are the texts to read so; where it is `doubtful`, those that are perhaps to be read so.
    """

    encoding: str
    margin: float
    second: str
    places: tuple[int, ...]
    doubtful: bool = False

    @property
    def sure(self) -> bool:
        """Whether there is something to be read otherwise, beyond doubt."""
        return bool(self.places) and not self.doubtful


NOTHING: Final = Verdict("", 0.0, "", ())


def judge(texts: Sequence[str], expected: Expected = Expected()) -> Verdict:
    """Find the encoding of the texts of a record."""
    weighed = {place: found for place, text in enumerate(texts) if (found := _weighed(text))}
    standing = {place: _STOOD_AS_BYTES if place in expected.as_bytes else _STOOD_AS_UNICODE for place in weighed}
    every = {place: found.vote(standing[place]) for place, found in weighed.items()}
    votes = {place: vote for place, vote in every.items() if not _has_no_vote(vote)}
    if not votes and not (every and expected.said):
        return NOTHING
    best, second, margin, ahead = _winner(votes.values(), expected.said)
    if best in (AS_IT_STANDS, _OTHER):
        return NOTHING
    if not expected.said and (ahead < MARGIN or margin < RIVAL):
        return Verdict(best, margin, second, tuple(votes), doubtful=True) if ahead >= DOUBT else NOTHING
    voted = margin - _BONUS * (best == expected.said) > 0.0
    places = [
        place
        for place, found in weighed.items()
        if found.against(best) < found.patience(place in expected.as_bytes, voted)
    ]
    return Verdict(best, margin, second, tuple(places))


def _weighed(text: str) -> _Weighed | None:
    """Weigh every reading of one text; None when it has no letter that could be read otherwise."""
    total: Weights = dict.fromkeys(READINGS, 0.0)
    plain, words, in_unicode = 0.0, 0, False
    for word in _WORD.findall(text):
        if not _MARKED.search(word):
            plain += (_PLAIN_FOR if is_syllable(word) else -_PLAIN_AGAINST) if len(word) > 1 else 0.0
            continue
        found = readings(word)
        if len(found) < len(READINGS) and found[TWICE].weight < 0:
            # Letters that no byte stands for: somebody has written Unicode here.
            total[AS_IT_STANDS] += max(0.0, found[AS_IT_STANDS].weight)
            in_unicode = in_unicode or found[AS_IT_STANDS].weight > 0
            continue
        words += 1
        for name in READINGS:
            total[name] += found[name].weight if name in found else found[AS_IT_STANDS].weight
    return _Weighed(total, words, max(-_PLAIN_MOST, min(_PLAIN_MOST, plain)), in_unicode) if words else None


def _has_no_vote(found: Weights) -> bool:
    """Whether a text is good as it stands, or is no Vietnamese however it is read."""
    old = max(value for name, value in found.items() if name != AS_IT_STANDS)
    return found[AS_IT_STANDS] >= old + MARGIN or old <= -MARGIN


def _winner(votes: Iterable[Weights], said: str) -> tuple[str, str, float, float]:
    """Give the best reading, the next, how far it is before that, and how far before text as it stands."""
    total: Weights = dict.fromkeys((*READINGS, _OTHER), 0.0)
    for found in votes:
        for name, value in found.items():
            total[name] += value
    if said:
        total[said] += _BONUS
    (best, most), (second, next_to_it), *_ = sorted(total.items(), key=lambda pair: -pair[1])
    return best, second, most - next_to_it, most - max(total[AS_IT_STANDS], 0.0)


def read(text: str, encoding: str) -> str:
    """Read byte text in an encoding of `READINGS`, word by word."""
    return _WORD.sub(lambda found: _word(found["word"], encoding) if found["word"] else codes.shown(found[0]), text)


def _word(word: str, encoding: str) -> str:
    if not _MARKED.search(word):
        return word
    found = readings(word)
    standing = found[AS_IT_STANDS]
    reading = found.get(encoding, standing)
    # One that is good as it stands among others that are not was written by somebody else.
    return standing.text if standing.weight > 0 > reading.weight else reading.text
