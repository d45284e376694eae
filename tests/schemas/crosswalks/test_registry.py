"""The table of crosswalks."""

import pytest

from schemas.bib import Bib, Title
from schemas.crosswalks.registry import CROSSWALKS, crosswalk
from schemas.errors import CrosswalkError


def test_every_schema_that_is_written_can_be_found():
    assert crosswalk("bib", "oai_dc").walk(Bib(Title("Toán"))).startswith("<oai_dc:dc")
    assert crosswalk("bib", "mods").walk(Bib(Title("Toán")), "1").startswith("<mods")
    assert crosswalk("marc21", "bib").walk(crosswalk("bib", "marc21").walk(Bib(Title("Toán"))))[0].title.main == "Toán"


def test_a_direction_stands_in_the_table_once():
    assert len({(one.source, one.target) for one in CROSSWALKS}) == len(CROSSWALKS)


def test_a_crosswalk_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(CrosswalkError, match="no crosswalk from 'unimarc' to 'bib'; there are marc21 to bib"):
        crosswalk("unimarc", "bib")
