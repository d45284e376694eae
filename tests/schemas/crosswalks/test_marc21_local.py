"""Which fields stay with their library."""

import pytest

from schemas.crosswalks.marc21_holdings import DEFAULT, mapping
from schemas.crosswalks.marc21_local import is_local, without_local
from schemas.marc import clean, write
from schemas.marc.marcxml import decode_xml
from tests.schemas.crosswalks.build import record

LOCAL = (
    "001 003 005 049 090 099 391 491 541 561 562 563 583 590 599 692 790 852 853 855 859 863 868 876 878 890"
    " 901 952 999 Z30 9AB LKR 0X1 24a"
)
SHARED = (
    "006 007 008 010 040 050 082 100 245 260 490 500 506 540 555 584 650 690 691 700 773 776 787 830 850 856 880 886"
)


@pytest.mark.parametrize("tag", LOCAL.split())
def test_a_local_tag_is_known(tag: str) -> None:
    assert is_local(tag)


@pytest.mark.parametrize("tag", SHARED.split())
def test_a_tag_of_the_publication_is_not_local(tag: str) -> None:
    assert not is_local(tag)


def test_the_text_of_a_record_loses_the_same_fields_as_its_fields() -> None:
    made, _ = clean.clean(record("001 x", "245 00 $aA", "500 __ $a& <b>", "952 __ $aTV$qNguyễn", "999 __ $aX"), "")
    kept = without_local(made, DEFAULT)
    assert [field.tag for field in kept.fields] == ["001", "245", "500"]
    assert decode_xml(write.marcxml(kept).encode()).record.fields == kept.fields


def test_a_record_without_any_is_given_as_it_is() -> None:
    made = record("001 x", "245 00 $aA")
    assert without_local(made, DEFAULT) is made


def test_fields_that_a_mapping_reads_go_unless_they_describe_the_publication() -> None:
    rules = mapping("082,call_number=a;395,location=b")
    kept = without_local(record("082 __ $a895", "395 __ $bKho$mNguyễn", "245 00 $aA"), rules)
    assert [field.tag for field in kept.fields] == ["082", "245"]
