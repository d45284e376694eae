"""Real records of many libraries walk through every crosswalk: nothing raises, everything written is valid."""

import gzip
import io

import pytest

from schemas.bib import Holding, dump, load
from schemas.crosswalks.bib_dc import oai_dc
from schemas.crosswalks.bib_marc21 import marc21
from schemas.crosswalks.bib_mods import mods
from schemas.crosswalks.marc21_bib import bib
from schemas.crosswalks.marc21_holdings import mapping
from schemas.errors import DecodeError
from schemas.marc import marcxml, read
from schemas.marc.clean import clean
from tests.support.xsd import faults, schema

FILES = {
    # file -> every how many records one is taken
    "lc-vietnamese.mrc": 1,
    "lc-books-10000.mrc.gz": 20,
    "bk-vietnam/sach-noi-van-h1.mrc.gz": 1,
    "bk-vietnam/sach-ngoai-van-x-cs1.mrc.gz": 10,
    "bk-vietnam/tieu-chuan-ky-thuat-cs1-cuon.mrc.gz": 1,
    "uva_001_2000.marc8.mrc.gz": 1,
    "evergreen/*": 1,
    "scripts-880/*": 1,
    "usgpo/*utf8*": 20,
    "holdings-authority/*": 1,
    "broken/*": 1,
}


def records(folder, name, step=1):
    """Give the records of these files that can be decoded, as they are and cleaned."""
    for path in sorted((folder / "marc").glob(name)):
        if path.suffix == ".txt":
            continue
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        split, decode = (marcxml.split_xml, marcxml.decode_xml) if is_xml else (read.split, read.decode)
        for number, piece in enumerate(split(io.BytesIO(content))):
            if number % step:
                continue
            try:
                yield decode(piece.content).record
            except DecodeError:
                continue


@pytest.mark.parametrize(("name", "step"), FILES.items())
def test_every_record_is_described_and_what_is_written_is_valid(shared_data, name, step):
    dublin_core, mods_schema = schema(shared_data, "oai/oai_dc.xsd"), schema(shared_data, "mods/mods-3-7.xsd")
    seen = 0
    for raw in records(shared_data, name, step):
        found, _ = bib(clean(raw)[0])
        bib(raw)
        held = [("qng", holding) for holding in found.holdings]
        assert faults(dublin_core, oai_dc(found, ("oai:lienthong.example:1",))) == [], found
        assert faults(mods_schema, mods(found, "1", held)) == [], found
        assert load(dump(found)) == found
        bib(marc21(found))
        seen += 1
    assert seen


def described(folder, name, step=1):
    return [bib(clean(raw)[0])[0] for raw in records(folder, name, step)]


def test_what_the_library_of_congress_says_of_vietnamese_books_is_found(shared_data):
    found = described(shared_data, "lc-vietnamese.mrc")
    assert len(found) == 95
    assert all(one.title.main and "vie" in one.languages and one.publication.place for one in found)
    assert sum(bool(one.publication.year) for one in found) >= 93
    assert {one.material for one in found} <= {"book", "serial", "map"}
    assert not [one.title for one in found if str(one.title)[-1] in " ,:;/="]


def test_the_list_of_a_vietnamese_university_is_read_with_its_copies(shared_data):
    found = described(shared_data, "bk-vietnam/sach-noi-van-h1.mrc.gz", 5)
    assert all(one.holdings and one.holdings[0].location for one in found)
    assert sum(bool(one.publication.year) for one in found) > 0.98 * len(found)
    assert not [one for one in found if one.numbers("isbn")]
    assert [one.title.number for one in found if one.title.number][:3]


def test_holdings_of_another_system_are_read_by_its_mapping(shared_data):
    rules = mapping("999,location=ml,call_number=a,barcode=i")
    found = [bib(raw, rules)[0].holdings for raw in records(shared_data, "uva_001_2000.marc8.mrc.gz")]
    assert all(found)
    assert Holding("ALDERMAN / STACKS", "PN241.5 .S65 F4 1983", 1) in {one for held in found for one in held}


def test_titles_in_their_own_script_are_other_titles(shared_data):
    found = described(shared_data, "scripts-880/*")
    assert sum(any(not title.main.isascii() for title in one.other_titles) for one in found) > 20
