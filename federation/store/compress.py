"""How stored records are made small: zstandard with a dictionary of what every record says.

In: bytes. Out: a zstandard frame (RFC 8878). The dictionary is plain text of ours, MARCXML tags and the names of the
internal record; a frame written with it can be read only with the same text, so a new text gets a new number and the
old ones stay. The first byte of what is stored is that number.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from threading import get_ident
from typing import Any, Final

import zstandard

#: most that one stored record may unfold to; a guard against damaged frames
MOST: Final = 64 * 1024 * 1024
CURRENT: Final = 1
#: measured on 10,000 real records: level 3 takes 1.4 times as long for 1.5 % less, level 5 2.2 times for 6 %
_LEVEL: Final = 1
#: most that records unfolded together may come to
MOST_TOGETHER: Final = 16 * 1024 * 1024
#: threads that unfold together: `serve web` has one process for every two cores
THREADS: Final = 2


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


@cache
def _dictionary(number: int) -> Any:
    texts = {1: _dictionary_1}
    dictionary = zstandard.ZstdCompressionDict(texts[number](), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    dictionary.precompute_compress(level=_LEVEL)
    return dictionary


@lru_cache(maxsize=256)
def _coders(number: int, _thread: int) -> tuple[Any, Any]:
    # One pair for each thread: they keep state while they work, and two threads at once would get each other's bytes.
    dictionary = _dictionary(number)
    return (
        zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=dictionary, write_content_size=True, write_dict_id=False, write_checksum=True
        ),
        zstandard.ZstdDecompressor(dict_data=dictionary),
    )


def squeeze(content: bytes) -> bytes:
    """Make bytes small for storing."""
    compressed: bytes = _coders(CURRENT, get_ident())[0].compress(content)
    return bytes((CURRENT,)) + compressed


def expand(stored: bytes) -> bytes:
    """Give back what `squeeze` was given; raises `zstandard.ZstdError` when the stored bytes are damaged."""
    content: bytes = _coders(stored[0], get_ident())[1].decompress(memoryview(stored)[1:], max_output_size=MOST)
    return content


def expand_all(stored: Sequence[bytes]) -> list[bytes] | None:
    """Give back many at once, in half the time; None when they must be taken one by one: because one of them is damaged
    or missing, they were made with different dictionaries, or all together are longer than `MOST_TOGETHER`.
    """
    numbers = {each[:1] for each in stored}
    if len(numbers) != 1 or not (number := numbers.pop()):
        return None
    frames = [memoryview(each)[1:] for each in stored]
    try:
        if sum(map(zstandard.frame_content_size, frames)) > MOST_TOGETHER:
            return None
        unfolded = _coders(number[0], get_ident())[1].multi_decompress_to_buffer(frames, threads=THREADS)
    except (zstandard.ZstdError, KeyError):
        return None
    return [each.tobytes() for each in unfolded]
