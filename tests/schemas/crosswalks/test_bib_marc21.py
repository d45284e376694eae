"""From the record of the house to MARC 21 and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.bib import Agent, Bib, Identifier, Publication, Series, Subject, Title, replace
from schemas.crosswalks.bib_marc21 import coded, marc21
from schemas.crosswalks.marc21_bib import bib
from schemas.maps import material_codes
from schemas.marc.clean import clean
from schemas.marc.record import Field
from schemas.marc.write import marc, marcxml
from tests.schemas.crosswalks.full import FULL
from tests.support.xsd import faults, schema

BIBS = {
    "everything": FULL,
    "a title": Bib(Title("Toán 5")),
    "no title": Bib(Title("")),
    "title with part": Bib(Title("Toán", number="Tập 1", part="Đại số")),
    "part without number": Bib(Title("Toán", "sách học sinh", part="Đại số")),
    "title that ends in an abbreviation": Bib(Title("Bài giảng của TS.", responsibility="Nguyễn Văn A, Jr.")),
    "title that ends in dots": Bib(Title("Và sau đó...", number="T.1")),
    "title with a question": Bib(Title("Vì sao?", "hỏi đáp")),
    "year only": Bib(Title("Toán"), publication=Publication(date="2009", year=2009)),
    "publisher only": Bib(Title("Toán"), publication=Publication(publisher="Kim Đồng")),
    "place and date": Bib(Title("Toán"), publication=Publication("Huế", "", "1998-05-01", 1998)),
    "unsure date": Bib(Title("Toán"), publication=Publication("Huế", "", "[199-?]")),
    "name with dates and no role": Bib(Title("Toán"), agents=(Agent("Nguyễn Du", dates="1765-1820", main=True),)),
    "name with role and no dates": Bib(Title("Toán"), agents=(Agent("Nguyễn Du", role="biên soạn"),)),
    "series with number": Bib(Title("Toán"), series=(Series("Tủ sách", issn="0317-8471"),)),
    "extent only": Bib(Title("Toán"), extent="12 tr."),
    "size only": Bib(Title("Toán"), dimensions="21 cm"),
    "number of another kind": Bib(Title("Toán"), identifiers=(Identifier("local", "http-12", "uri"),)),
    "original language": Bib(Title("Toán"), languages=("vie",), original_languages=("eng",)),
    "subject of unknown list": Bib(Title("Toán"), subjects=(Subject("Số học", "topic", "local"),)),
    "serial": Bib(Title("Tạp chí Sông Trà"), material="serial", level="s"),
}


@pytest.mark.parametrize("made", BIBS.values(), ids=BIBS)
def test_what_was_written_reads_back_the_same(made):
    assert bib(marc21(made))[0] == made


@pytest.mark.parametrize("made", BIBS.values(), ids=BIBS)
def test_what_is_written_is_sound_marc(shared_data, made):
    record = marc21(made)
    assert (len(record.leader), len(record.control("008"))) == (24, 40)
    groups = [field.tag[0] for field in record.fields]
    assert groups == sorted(groups)
    assert clean(record)[0] == record
    assert marc(record)
    assert faults(schema(shared_data, "marc/MARC21slim.xsd"), marcxml(record)) == []


@pytest.mark.parametrize("material", material_codes())
def test_every_material_survives(material):
    level = {"serial": "s", "eserial": "s", "article": "a"}.get(material, "m")
    found, _ = bib(marc21(Bib(Title("Nhan đề"), material=material, level=level)))
    assert (found.material, found.level) == (material, level)


def test_an_unknown_material_is_written_as_a_book():
    assert coded("papyrus", "m") == ("a", "|", "|")


def test_punctuation_stands_where_isbd_puts_it():
    record = marc21(FULL)
    texts = {field.tag: "".join(f"${code}{value}" for code, value in field.subfields) for field in record.fields[::-1]}
    assert texts["245"] == (
        "$aLịch sử <Quảng Ngãi> & miền Trung.$nTập 2,$pThời cận đại :$bkhảo cứu /$cNguyễn Văn A ; Trần B dịch"
    )
    assert texts["264"] == "$aQuảng Ngãi :$bNxb. Tổng hợp,$c2009"
    assert texts["300"] == "$a312 tr. : ảnh ;$c21 cm"
    assert texts["490"] == "$aTủ sách Quảng Ngãi,$x0317-8471 ;$vT.5"
    assert texts["100"] == "$aNguyễn, Văn A,$d1950-,$echủ biên"


def test_008_is_built_position_by_position():
    text = marc21(replace(FULL, material="ebook")).control("008")
    assert (text[6:18], text[23], text[35:38]) == ("s2009    vm ", "o", "vie")


def test_writing_needs_no_holdings_and_brings_none():
    assert marc21(FULL).first("852") is None
    assert marc21(Bib(Title("Toán"))).fields[0] == Field("008", marc21(Bib(Title("Toán"))).control("008"))


_WORD = st.text(st.characters(codec="utf-8", categories=("Ll", "Lu", "Nd")), min_size=2, max_size=8)
_TEXT = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_MAYBE = st.one_of(st.just(""), _TEXT)
_TITLES = st.builds(Title, _TEXT, _MAYBE, _MAYBE, st.just(""), _MAYBE)
_BIBS = st.builds(
    Bib,
    _TITLES,
    agents=st.lists(st.builds(Agent, _TEXT, st.sampled_from(("person", "corporate", "meeting"))), unique=True).map(
        tuple
    ),
    subjects=st.lists(st.builds(Subject, _TEXT), unique=True).map(tuple),
    summary=_MAYBE,
    series=st.lists(st.builds(Series, _TEXT, _MAYBE), unique=True).map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(_BIBS)
def test_plain_words_survive_whatever_they_are(made):
    assert bib(marc21(made))[0] == made
