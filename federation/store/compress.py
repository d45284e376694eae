"""How stored records are made small: zstandard with a dictionary of what every record says.

In: bytes. Out: a zstandard frame (RFC 8878). The dictionary is plain text of ours, MARCXML tags and the names of the
internal record, and since the second one also tables of how often what comes. A frame can be read only with the
dictionary it was written with, so a new one gets a new number and the old ones stay. The first byte of what is stored
is that number.
"""

from base64 import b64decode
from collections.abc import Sequence
from functools import cache, lru_cache
from threading import get_ident
from typing import Any, Final

import zstandard

#: most that one stored record may unfold to; a guard against damaged frames
MOST: Final = 64 * 1024 * 1024
CURRENT: Final = 2
#: levels of zstandard. Measured on real records: level 3 takes 1.3 times as long for 2 % less, level 5 four times for
#: 10 %. Below zero only repetitions are coded, letters stand as they are.
USUAL: Final = 1
QUICK: Final = -1
#: most that records unfolded together may come to
MOST_TOGETHER: Final = 16 * 1024 * 1024


def _codes(tag: str, indicators: str, codes: str) -> str:
    inner = "".join(f'<subfield code="{code}"></subfield>' for code in codes)
    return f'<datafield tag="{tag}" ind1="{indicators[0]}" ind2="{indicators[1]}">{inner}</datafield>'


def _dictionary_1() -> bytes:
    common = (
        ("020", "  ", "ac"), ("035", "  ", "a"), ("040", "  ", "abcd"), ("041", "0 ", "a"), ("050", "00", "ab"),
        ("082", "04", "a2"), ("110", "2 ", "ab"), ("111", "2 ", "and"), ("240", "10", "a"), ("246", "3 ", "a"),
        ("250", "  ", "a"), ("264", " 1", "abc"), ("336", "  ", "ab2"), ("337", "  ", "ab2"), ("338", "  ", "ab2"),
        ("490", "0 ", "av"), ("504", "  ", "a"), ("505", "0 ", "a"), ("520", "  ", "a"), ("650", " 4", "a"),
        ("653", "  ", "a"), ("710", "2 ", "ab"), ("830", " 0", "av"), ("856", "40", "uz"), ("952", "  ", "abcopty"),
        ("500", "  ", "a"), ("650", " 0", "axz"), ("651", " 0", "axz"), ("700", "1 ", "ade"), ("852", "  ", "abhtz9"),
        ("300", "  ", "abc"), ("260", "  ", "abc"), ("245", "10", "abc"), ("100", "1 ", "ad"),
    )  # fmt: skip
    words = (
        '{"title":["","","","",""],"material":"","languages":["vie"],"other_titles":[["","","","",""]],'
        '"agents":[["","person","","",true]],"identifiers":[["lccn","","",true],["oclc","","",true],["isbn","","",true]],'
        '"subjects":[["","topic","lcsh"]],"classes":[["ddc",""],["lcc",""]],"edition":[""],"publication":["","","",0,""],'
        '"extent":" p. ;","dimensions":" cm.","series":[["","",""]],"notes":[""],"holdings":[["","",0,""]],'
        '"control_number":"","control_agency":"" Includes bibliographical references and index. Thư mục: tr. '
        "Hà Nội : Nxb. Giáo dục, Tp. Hồ Chí Minh : Nxb. Trẻ, Kim Đồng, tr. ; 21 cm. Văn học Việt Nam Truyện ngắn "
        "Tiểu thuyết Lịch sử Nguyễn "
    )
    head = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000   4500</leader>'
        '<controlfield tag="001"></controlfield><controlfield tag="003"></controlfield><controlfield tag="008">'
        "      s        vm            000 0 vie d</controlfield>"
    )
    return (words + "".join(_codes(*row) for row in common) + head + "</record>").encode()


#: What dictionary 2 begins with, before the text of dictionary 1: how often which letters, lengths and distances come,
#: made by `ZDICT_finalizeDictionary` of libzstd 1.5 from 7,800 texts (as received, MARCXML, internal) of libraries in
#: Vietnam and the USA. A record brings no tables of its own: it is a fifteenth shorter, unfolded in two thirds of the
#: time, and folded in half.
_TABLES_2: Final = b64decode(
    "N6Qw7ACAAABGEKAz3BzDMDxQFLArk2Qbd/47qP9Ik8XIm8Z/td3dakUsAtltciVR9K2yDvoZ+0ClvZbCXgX2eNnd3VtKgqbC2Zd27igCF+MBODAU"
    "kQ7IIjHKDwAEwMCbFRKOCIgKjMxh4RggBgTCAXAQABaE4VAGAWiM8TIAcAAAAAB0TAQCIkIkgoksHIkEOYyHMZAFqYMFAAAAAQAAAAQAAAAIAAAA"
)


@cache
def _dictionary(number: int, level: int = USUAL) -> Any:
    tables, kind = {1: (b"", zstandard.DICT_TYPE_RAWCONTENT), 2: (_TABLES_2, zstandard.DICT_TYPE_FULLDICT)}[number]
    dictionary = zstandard.ZstdCompressionDict(tables + _dictionary_1(), dict_type=kind)
    dictionary.precompute_compress(level=level)
    return dictionary


# Coders are one for each thread: they keep state while they work, and two threads at once would get each other's bytes.


@lru_cache(maxsize=256)
def _folder(level: int, _thread: int) -> Any:
    return zstandard.ZstdCompressor(
        level=level,
        dict_data=_dictionary(CURRENT, level),
        write_content_size=True,
        write_dict_id=False,
        write_checksum=True,
    )


@lru_cache(maxsize=256)
def _unfolder(number: int, _thread: int) -> Any:
    return zstandard.ZstdDecompressor(dict_data=_dictionary(number))


def squeeze(content: bytes, often: bool = False) -> bytes:
    """Make bytes small for storing; `often` for what is read far more often than written: it gets a fifth longer and
    is unfolded in half the time.
    """
    compressed: bytes = _folder(QUICK if often else USUAL, get_ident()).compress(content)
    return bytes((CURRENT,)) + compressed


def expand(stored: bytes) -> bytes:
    """Give back what `squeeze` was given; raises `zstandard.ZstdError` when the stored bytes are damaged."""
    content: bytes = _unfolder(stored[0], get_ident()).decompress(memoryview(stored)[1:], max_output_size=MOST)
    return content


def expand_all(stored: Sequence[bytes]) -> list[memoryview] | None:
    """Give back many at once, in less time; None when they must be taken one by one: because one of them is damaged
    or missing, they were made with different dictionaries, or all together are longer than `MOST_TOGETHER`.
    """
    numbers = {each[:1] for each in stored}
    if len(numbers) != 1 or not (number := numbers.pop()):
        return None
    frames = [each[1:] for each in stored]
    try:
        if sum(map(zstandard.frame_content_size, frames)) > MOST_TOGETHER:
            return None
        unfolded = _unfolder(number[0], get_ident()).multi_decompress_to_buffer(frames)
    except (zstandard.ZstdError, KeyError):
        return None
    return [memoryview(each) for each in unfolded]
