"""ISBD punctuation: what is taken away, what belongs to the word."""

import pytest

from schemas.crosswalks.isbd import joined, statement, trimmed, unbracketed

TRIMMED = {
    "Dế mèn phiêu lưu ký /": "Dế mèn phiêu lưu ký",
    "Thư mục Nguyễn Trãi :": "Thư mục Nguyễn Trãi",
    "Ngữ văn 6,": "Ngữ văn 6",
    "Thiền lâm =": "Thiền lâm",
    "504 p. ;": "504 p.",
    "Hà Nội :": "Hà Nội",
    "Nguyễn, Khắc Mai.": "Nguyễn, Khắc Mai",
    "Fedorov, A. V.": "Fedorov, A. V.",
    "Davis, Sammy, Jr.": "Davis, Sammy, Jr.",
    "King, Martin Luther, Jr.,": "King, Martin Luther, Jr.,".rstrip(","),
    "T.1": "T.1",
    "T.1 :": "T.1",
    "Tập 2.": "Tập 2",
    "Hòn tuyết lăn. T.02.": "Hòn tuyết lăn. T.02",
    "2nd ed.": "2nd ed.",
    "2nd ed. /": "2nd ed.",
    "Equus Beds Project (U.S.)": "Equus Beds Project (U.S.)",
    "University of Oregon, Ph.D.": "University of Oregon, Ph.D.",
    "[và những người khác].": "[và những người khác]",
    "và những người khác...": "và những người khác...",
    "Nguyễn Văn Thâm ... [et al.].": "Nguyễn Văn Thâm ... [et al.]",
    "c2001.": "c2001",
    "[199-?]": "[199-?]",
    "1949-": "1949-",
    "Why? :": "Why?",
    "C++ /": "C++",
    "Thiết kế đường đô thị / ": "Thiết kế đường đô thị",
    "Soil Pollution /\u200b \u200b": "Soil Pollution",
    "Oakland, Calif. :": "Oakland, Calif.",
    "139 tr. :": "139 tr.",
    "21 cm.": "21 cm",
    "  ": "",
    " / ": "",
    ".": "",
}


@pytest.mark.parametrize(("text", "expected"), TRIMMED.items())
def test_only_dividing_marks_are_taken_from_the_end(text, expected):
    assert trimmed(text) == expected


@pytest.mark.parametrize("text", TRIMMED.values())
def test_trimming_twice_changes_nothing_more(text):
    assert trimmed(text) == text


STATEMENTS = {
    "Cho là nhận = The Generosity Factor": ("Cho là nhận", "", "", ("The Generosity Factor",)),
    "Kỹ thuật làm hoa giả : 40 mẫu hoa": ("Kỹ thuật làm hoa giả", "40 mẫu hoa", "", ()),
    "Dế mèn : truyện / Tô Hoài": ("Dế mèn", "truyện", "Tô Hoài", ()),
    "Ngữ pháp: Trình độ Sơ cấp = Basic Grammar": ("Ngữ pháp: Trình độ Sơ cấp", "", "", ("Basic Grammar",)),
    "E = mc2": ("E = mc2", "", "", ()),
    "Input/output": ("Input/output", "", "", ()),
    "A / B": ("A / B", "", "", ()),
    "Kỹ thuật sửa chữa ô tô : ": ("Kỹ thuật sửa chữa ô tô", "", "", ()),
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items())
def test_a_description_typed_as_one_text_is_taken_apart(text, expected):
    assert statement(text) == expected


def test_brackets_around_the_whole_are_taken_away_and_inner_ones_stay():
    assert unbracketed("[Ku Chih ti tao]") == "Ku Chih ti tao"
    assert unbracketed("Củ Chi (Quận)") == "Củ Chi (Quận)"


def test_joining_leaves_out_what_was_only_punctuation():
    assert joined(["Nxb. Văn học ;", " : ", "Đông Tây,"]) == "Nxb. Văn học ; Đông Tây"
