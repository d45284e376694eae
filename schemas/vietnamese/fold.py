"""What two spellings of one Vietnamese text have in common: toned and folded tokens, and keys for matching.

In: any text. Out: the *toned* form (NFC, case folded, tone mark at its canonical place: Hoà -> hòa) and the *folded*
form (toned, then đ and eth -> d, NFD, marks dropped: hoa). Both are stable: folding what is folded changes nothing, and
NFD input gives what NFC gives.

Tokens are runs of letters, digits and their marks. Blanks, hyphens, apostrophes, dots and all other signs part them:
TP.HCM -> tp hcm, Việt-Nam -> viet nam, l'été -> l ete. Exceptions: dots or commas between groups of three digits join
(1.234.567 -> 1234567); one letter with ++ or # is a token (C++, C#); the letters ʹ ʺ ʻ ʼ ʽ ʾ ʿ of romanisation vanish
(Qurʼān -> quran). Chinese, Japanese and Korean characters are one token each; other scripts have words; scripts written
without blanks (Thai, Lao, Khmer) give one token per run.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from schemas.vietnamese.syllable import canonical, with_i

_GROUPED: Final = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:[.,][0-9]{3})+(?![0-9])")
#: what every text with such groups has in it, and few others have: found in a quarter of the time
_SEPARATED: Final = re.compile(r"[.,][0-9]{3}")
#: every byte of a text in ASCII as it stands in a word, or as the blank that parts words
_ASCII_WORDS: Final = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))
#: all bytes but digits: what few texts have anything left of
_NO_DIGITS: Final = bytes(code for code in range(256) if not 48 <= code < 58)
_ASCII_WORD_OR_SIGN: Final = re.compile(r"[a-z](?:\+\+|#)|[0-9a-z]+")
_WORD: Final = re.compile(r"[0-9A-Za-z\x80-\U0010ffff]+")
_WORD_OR_SIGN: Final = re.compile(r"[A-Za-z](?:\+\+|#)|[0-9A-Za-z\x80-\U0010ffff]+")
#: runs of Latin letters and combining marks: what can be a Vietnamese syllable
_LATIN: Final = re.compile(r"[a-z\u00aa-\u02af\u0300-\u036f\u1e00-\u1eff]+")
#: words in lower case that are one token without a second look: Latin letters, digits, and marks behind them
_ONE_TOKEN: Final = re.compile(r"(?:[0-9a-z\u00df-\u00f6\u00f8-\u02af\u1e00-\u1eff][\u0300-\u034e\ufe20-\ufe2f]*)+")
#: the same and signs: a text in which there is nothing else to drop
_LATIN_TEXT: Final = re.compile(r"[\x00-\u034e\u1e00-\u1eff\u2000-\u206f\ufe20-\ufe2f]*")
_LATIN_MARKS: Final = re.compile(r"[\u0300-\u034e\ufe20-\ufe2f]+")
#: no Vietnamese syllable has more letters, its tone mark counted as one (nghiêng)
_LONGEST_SYLLABLE: Final = 8
#: letters that NFD does not take apart -> how readers type them (ƀ is a letter of Ba Na and Ê Đê)
BASES: Final = {
    **{"đ": "d", "ð": "d", "ɖ": "d", "ƀ": "b", "ɓ": "b", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "ŧ": "t"},
    **{"æ": "ae", "œ": "oe", "þ": "th"},
}
_TO_BASES: Final = str.maketrans(BASES)
_SILENT: Final = re.compile("[ʹʺʻʼʽʾʿ]")
#: kana to unified ideographs, Hangul syllables, compatibility ideographs, the ideographs beyond the basic plane
_EAST_ASIAN: Final = (("\u3040", "\u9fff"), ("\uac00", "\ud7a3"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
_ZERO_WIDTH_SPACE: Final = "\u200b"
#: canonical combining classes of marks that readers leave out: overlays, Hebrew points and Arabic vowels, accents
_DROPPED: Final = frozenset((1, *range(10, 37), *range(200, 241)))


class Token(NamedTuple):
    """One word twice: with its tones and marks, and without."""

    toned: str
    folded: str


def toned(text: str) -> str:
    """Give a text in NFC, case folded, each Vietnamese syllable with its tone mark in its place; signs stay."""
    if text.isascii():
        return text.lower()
    return _LATIN.sub(_canonical_found, _without_case(text))


def _without_case(text: str) -> str:
    # NFD first: case folding of what is decomposed is stable (Unicode 3.13, D145).
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def _canonical_found(found: re.Match[str]) -> str:
    word = found[0]
    return word if word.isascii() or len(word) > _LONGEST_SYLLABLE else _canonical(word)


@lru_cache(maxsize=8_192)
def _canonical(word: str) -> str:
    return canonical(word)


def folded(text: str) -> str:
    """Give the toned text without marks, đ as d; signs stay."""
    if text.isascii():
        return text.lower()
    marked = toned(text)
    return _bare_latin(marked) if _LATIN_TEXT.fullmatch(marked) else _bare(marked)


def _bare(text: str) -> str:
    # Bases after NFD: ǿ is ø with a mark.
    decomposed = unicodedata.normalize("NFD", text).translate(_TO_BASES)
    letters = (_digit(letter) for letter in decomposed if unicodedata.combining(letter) not in _DROPPED)
    return unicodedata.normalize("NFC", "".join(letters))


def _bare_latin(word: str) -> str:
    # All marks of the Latin block are dropped, and letters without marks have no other composed form.
    return _LATIN_MARKS.sub("", unicodedata.normalize("NFD", word)).translate(_TO_BASES)


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def tokens(text: str) -> list[Token]:
    """Give the words of a text in order, each toned and folded; rules above."""
    if _SEPARATED.search(text):
        text = _GROUPED.sub(_joined, text)
    signs = "++" in text or "#" in text
    if text.isascii():
        words = _ASCII_WORD_OR_SIGN.findall(text.lower()) if signs else _ascii_words(text)
        return list(map(Token, words, words))
    found: list[Token] = []
    for word in (_WORD_OR_SIGN if signs else _WORD).findall(text):
        if word.isascii():
            found.append(_unmarked(word))
        else:
            found += _read(word)
    return found


def toned_words(text: str) -> list[str]:
    """Give the toned form of each token."""
    if text.isascii() and "++" not in text and "#" not in text:
        written = text.encode()
        if not written.translate(None, _NO_DIGITS) or not _SEPARATED.search(text):
            return written.translate(_ASCII_WORDS).decode().split()
    return [token.toned for token in tokens(text)]


def _ascii_words(text: str) -> list[str]:
    # A pattern that looks for letters takes four times as long.
    return text.encode().translate(_ASCII_WORDS).decode().split()


@lru_cache(maxsize=4_096)
def _unmarked(word: str) -> Token:
    lowered = word.lower()
    return Token(lowered, lowered)


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(".", "").replace(",", "")


@lru_cache(maxsize=8_192)
def _read(word: str) -> tuple[Token, ...]:
    text = _without_case(word)
    if _SILENT.search(text):
        text = _without_case(_SILENT.sub("", text))
    if _ONE_TOKEN.fullmatch(text):
        word = _LATIN.sub(_canonical_found, text)
        return (Token(word, _bare_latin(word)),)
    words = [toned(piece) for piece in _pieces(text)]
    return tuple(Token(word, _bare(word)) for word in words)


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for letter in text:
        kind = unicodedata.category(letter)
        if kind[0] in "LN" and _stands_alone(letter):
            pieces += [letter, ""]
        elif kind[0] in "LN":
            pieces[-1] += letter
        elif kind[0] == "M":
            pieces[-1] += letter if pieces[-1] else ""
        elif kind != "Cf" or letter == _ZERO_WIDTH_SPACE:
            pieces.append("")
    return [piece for piece in pieces if piece]


def _stands_alone(letter: str) -> bool:
    """Tell whether a character is one of Chinese, Japanese or Korean writing."""
    return any(first <= letter <= last for first, last in _EAST_ASIAN)


def key(text: str) -> str:
    """Give the toned tokens with i for y after a consonant, with blanks between: kỹ sư = Kĩ sư, hoà = hòa."""
    return " ".join(_key_word(token.toned) for token in tokens(text))


def folded_key(text: str) -> str:
    """Give the folded tokens with i for y after a consonant, with blanks between: Lý Sơn = ly son = Li Son."""
    return " ".join(_key_word(token.folded) for token in tokens(text))


@lru_cache(maxsize=32_768)
def _key_word(word: str) -> str:
    return with_i(word)
