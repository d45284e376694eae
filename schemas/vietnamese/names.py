"""Names of Vietnamese people: written family name first, without a comma; called by the last word, the given name.

In: a heading. Out: the name as Vietnamese read it, or as their lists of people are in the order of. Foreign rules put a
comma after the family name.
"""

import re
from functools import lru_cache
from typing import Final

from schemas.vietnamese.fold import toned

#: the family names that nearly all Vietnamese bear, toned: "Nguyễn, Nhật Ánh" is the same name without the comma
_FAMILIES: Final = frozenset(
    re.findall(
        r"\w+",
        """
        an âu bạch bùi cao cung châu chu dương đàm đặng đào đậu đinh đoàn đỗ đồng đổng giang giáp hà hồ hoàng hứa huỳnh
        khổng khúc kiều la lã lại lâm lê lò lục lương lưu lý lí mạc mai nghiêm ngô ngụy nguyễn nhữ ninh nông ông phạm
        phan phó phùng phương quách quản tạ tăng thạch thái thân thi tiêu tô tôn tống trà trần triệu trịnh trương từ ưng
        văn vi võ vũ vương nguyen tran pham huynh truong
        """,
    )
)
_COMMA: Final = re.compile(r"\s*,\s*")


@lru_cache(maxsize=4_096)  # a record's names are asked for several lists, one after the other
def natural(heading: str) -> str:
    """Give a Vietnamese name without the comma after the family name; other names stay as they are."""
    family, comma, rest = heading.partition(",")
    if not comma or toned(family.strip()) not in _FAMILIES:
        return heading
    return _COMMA.sub(" ", f"{family.strip()} {rest.strip()}")


def given_first(heading: str) -> str:
    """Give a Vietnamese name with its given name in front: nearly half of all are Nguyễn; other names stay as they are.

    What some write behind the name ("chủ biên") is in small letters and no part of it.
    """
    name = natural(heading)
    words = name.split()
    if len(words) < 2 or "," in name or toned(words[0]) not in _FAMILIES:
        return name
    small = (place for place, word in enumerate(words) if word[0].islower())
    end = len(words) if words[0][0].islower() else next(small, len(words))
    return " ".join((words[end - 1], *words[: end - 1], *words[end:]))
