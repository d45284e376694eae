"""From the record of the house to Dublin Core."""

import pytest
from lxml import etree

from schemas.bib import Agent, Bib, Publication, Title, replace
from schemas.crosswalks.bib_dc import oai_dc
from schemas.crosswalks.dc_types import dcmi_type, mods_type
from schemas.maps import material_codes
from tests.schemas.crosswalks.full import FULL
from tests.support.xsd import faults, schema


def told(bib, *identifiers):
    tree = etree.fromstring(oai_dc(bib, identifiers))
    return [(etree.QName(one).localname, one.text) for one in tree]


def test_everything_a_record_says_is_said_in_dublin_core():
    assert told(FULL, "oai:lienthong.example:12", "https://example.vn/records/12") == [
        ("title", "Lịch sử <Quảng Ngãi> & miền Trung. Tập 2. Thời cận đại : khảo cứu"),
        ("title", "History of Quảng Ngãi : a study"),
        ("title", "Histoire"),
        ("creator", "Nguyễn, Văn A, 1950-"),
        ("contributor", "Trần B"),
        ("contributor", "Việt Nam. Bộ Văn hoá"),
        ("contributor", "Hội thảo Sa Huỳnh"),
        ("subject", "Nguyễn, Huệ, 1753-1792 -- Tiểu sử"),
        ("subject", "Quân đội nhân dân"),
        ("subject", "Lịch sử -- Việt Nam -- Thế kỷ 20"),
        ("subject", "Quảng Ngãi -- Lịch sử"),
        ("coverage", "Quảng Ngãi"),
        ("subject", "Sa Huỳnh"),
        ("subject", "Khảo cứu"),
        ("subject", "ddc:959.752"),
        ("description", "Tóm tắt nội dung."),
        ("description", "T.1: Cổ đại -- T.2: Cận đại."),
        ("description", "Tái bản lần thứ 2"),
        ("description", "Thư mục: tr. 300-312."),
        ("description", "Lưu hành nội bộ."),
        ("publisher", "Nxb. Tổng hợp"),
        ("date", "2009"),
        ("type", "Text"),
        ("type", "Book"),
        ("format", "312 tr. : ảnh"),
        ("format", "21 cm"),
        ("identifier", "oai:lienthong.example:12"),
        ("identifier", "https://example.vn/records/12"),
        ("identifier", "URN:ISBN:9786041234567"),
        ("identifier", "URN:ISSN:0317-8471"),
        ("identifier", "https://doi.org/10.1000/abc.1"),
        ("identifier", "https://example.vn/a?b=1&c=2"),
        ("identifier", "http://example.vn/"),
        ("language", "vie"),
        ("language", "eng"),
        ("relation", "Tủ sách Quảng Ngãi ; T.5"),
        ("relation", "Địa chí"),
    ]


def test_it_is_valid(shared_data):
    for bib in (FULL, Bib(Title("")), Bib(Title("\x00\ud800<>&\"'\r\n"))):
        assert faults(schema(shared_data, "oai/oai_dc.xsd"), oai_dc(bib, ("a&b",))) == []


def test_characters_that_xml_cannot_carry_are_left_out():
    assert told(Bib(Title("a\x00b\x1bc\ufffe\ud800d")))[0] == ("title", "abcd")


def test_an_author_by_role_is_a_creator_and_the_rest_contribute():
    bib = Bib(Title("Toán"), agents=(Agent("A", role="Tác giả"), Agent("B", role="aut"), Agent("C", role="edt")))
    assert told(bib)[1:4] == [("creator", "A"), ("creator", "B"), ("contributor", "C")]


def test_a_date_without_a_year_is_told_as_stated():
    assert ("date", "[199-?]") in told(Bib(Title("Toán"), publication=Publication(date="[199-?]")))


def test_nothing_is_told_twice():
    doubled = replace(FULL, other_titles=(FULL.title, FULL.title))
    assert len(told(doubled)) == len(set(told(doubled)))


@pytest.mark.parametrize("material", material_codes())
def test_every_material_has_a_type_of_its_own_row(material):
    assert dcmi_type(material)
    assert mods_type(material)


def test_the_types_of_things_that_are_no_text():
    assert (dcmi_type("map"), mods_type("map")) == ("Image", "cartographic")
    assert (dcmi_type("video"), mods_type("music")) == ("MovingImage", "sound recording-musical")
    assert (dcmi_type("papyrus"), mods_type("papyrus")) == ("Text", "text")
