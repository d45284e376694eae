"""Grades and textbook series, read from what books say."""

import pytest

from federation.index.school import School, read
from schemas.bib import Bib, Publication, Series, Title, replace

TOAN = Bib(Title("Toán 5", remainder="Kết nối tri thức với cuộc sống"), languages=("vie",))


@pytest.mark.parametrize(
    ("bib", "school"),
    [
        (TOAN, School(("5",), ("ket-noi",))),
        (Bib(Title("Bài tập toán lớp 10", number="T. 1"), languages=("vie",)), School(("10",))),
        (Bib(Title("Tiếng Việt 3"), languages=("vie",), publication=Publication(publisher="Giáo dục")), School(("3",))),
        (Bib(Title("Khoa học"), languages=("vie",), series=(Series("Cánh diều"),)), School((), ("canh-dieu",))),
        (Bib(Title("Vật lý 2"), languages=("vie",), publication=Publication(publisher="Đại học Quốc gia")), School()),
        (Bib(Title("Toán cao cấp 1"), languages=("vie",), publication=Publication(publisher="Giáo dục")), School()),
        (Bib(Title("Lớp 13"), languages=("vie",)), School()),
        (Bib(Title("Class lop 5"), languages=("eng",)), School()),
    ],
)
def test_a_schoolbook_tells_its_grade_and_its_programme(bib: Bib, school: School) -> None:
    assert read(bib) == school


def test_the_grade_is_read_without_a_language_where_the_title_is_plainly_vietnamese() -> None:
    assert read(replace(TOAN, languages=())).grade == ("5",)
