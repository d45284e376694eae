from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from federation.web.record.cover import HEIGHT, cover, wrapped

LONG = "Địa chí Quảng Ngãi từ khi mở đất đến khi tái lập tỉnh, cùng những bài khảo cứu về văn hoá Sa Huỳnh và biển đảo"


def lines(drawn: str) -> list[str]:
    return [each.text or "" for each in etree.fromstring(drawn).iter("{*}text")]


def test_the_same_words_give_the_same_cover_and_others_another() -> None:
    assert cover("Mắt biếc", "Nguyễn Nhật Ánh") == cover("Mắt biếc", "Nguyễn Nhật Ánh")
    grounds = {etree.fromstring(cover(f"Toán {n}", ""))[0].get("fill") for n in range(50)}
    assert len(grounds) > 6


def test_a_title_is_broken_between_words_and_ends_with_dots() -> None:
    written = lines(cover(LONG, "Phạm Trung Việt"))
    assert written[0].startswith("Địa chí")
    assert written[5].endswith("…")
    assert written[6] == "Phạm Trung Việt"
    assert all(word.rstrip("…") in LONG for line in written[:6] for word in line.split())


@given(st.text(), st.text())
def test_it_is_an_image_whatever_the_words(title: str, creator: str) -> None:
    drawn = etree.fromstring(cover(title, creator))
    assert all(0 < float(each.get("y")) < HEIGHT for each in drawn.iter("{*}text"))
    assert {etree.QName(each).localname for each in drawn.iter()} <= {"svg", "rect", "g", "text"}


@given(st.text(min_size=1))
def test_nothing_is_lost_where_there_is_room(text: str) -> None:
    assert "".join(wrapped(text, 20, 10_000)).replace(" ", "") == "".join(text.split())
