"""What to try in the demonstration: searches that have answers, each with and without tone marks where that matters.

In: nothing. Out: `QUERIES`, in the order in which they are worth showing. Every word of a query stands in a record of
`titles.tsv` (a test holds that); `finds` is a title that must be among the hits.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Query:
    """One search: what to type, a title it must find, and what it shows in Vietnamese and English."""

    text: str
    finds: str
    shows_vi: str
    shows_en: str


QUERIES: Final = (
    Query("mắt biếc", "Mắt biếc", "gõ có dấu", "typed with tone marks"),
    Query("mat biec", "Mắt biếc", "gõ không dấu", "typed without tone marks"),
    Query("nguyen nhat anh", "Mắt biếc", "tên có và không có dấu phẩy", "names with and without a comma"),
    Query("dat rung phuong nam", "Đất rừng phương Nam", "đ gõ là d", "đ typed as d"),
    Query("đặng thùy trâm", "Nhật ký Đặng Thùy Trâm", "thùy tìm ra cả thuỳ", "both places of the tone mark"),
    Query("nhật kí trong tù", "Nhật kí trong tù", "kí viết theo sách giáo khoa", "spelled as in school books"),
    Query("nuôi dế", "Kỹ thuật nuôi dế", "dế đứng trước dê", "crickets before goats"),
    Query("nuoi de", "Kỹ thuật nuôi dê", "cả dê lẫn dế", "goats and crickets"),
    Query("chien tranh va hoa binh", "Chiến tranh và hòa bình", "hoà và hòa là một", "two spellings, one word"),
    Query("ngữ văn 6 kết nối tri thức", "Ngữ văn 6", "các tập không bị gộp", "volumes stay apart"),
    Query("khởi nghĩa ba tơ", "Từ núi rừng Ba Tơ", "địa chí Quảng Ngãi", "local history"),
    Query("hoang sa truong sa", "Hoàng Sa - Trường Sa", "biển đảo", "islands"),
    Query("ba na kon tum", "Người Ba-na ở Kon Tum", "gạch nối không cản", "hyphens do not matter"),
    Query("the sorrow of war", "The sorrow of war", "sách tiếng Anh", "English books too"),
)
