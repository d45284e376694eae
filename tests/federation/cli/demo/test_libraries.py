"""The libraries of the demonstration: true to their formats, the same in every run, with the dangers to show."""

import socket
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc import MARCReader
from pymarc.marc8 import marc8_to_unicode
from sickle import Sickle
from stdnum import isbn, issn

from federation.cli.demo import marc8
from federation.cli.demo.cataloguing import Entry, describe
from federation.cli.demo.habits import DUCPHO, THCS, TINH
from federation.cli.demo.libraries import MEMBERS, DemoMember, Libraries, advance, oai_url, prepare, serve_oai
from federation.cli.demo.queries import QUERIES, Query
from federation.cli.demo.titles import Book, books
from federation.errors import Unavailable
from schemas.bib import Bib
from schemas.crosswalks import marc21_bib
from schemas.errors import DecodeError, EncodeError
from schemas.maps.tables import by_code
from schemas.marc import read
from schemas.marc.marcxml import decode_xml, split_xml
from schemas.marc.record import MarcRecord
from schemas.vietnamese.fold import folded, tokens, toned
from tests.support.peers import free_port

LETTERS = "aăâeêioôơuưyđAĂÂEÊIOÔƠUƯYĐ"
TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]


@pytest.fixture
def libraries(tmp_path: Path) -> Libraries:
    return prepare(tmp_path)


def pieces(folder: Path) -> Iterator[bytes]:
    for file in sorted(folder.glob("*.mrc")):
        with file.open("rb") as stream:
            yield from (piece.content for piece in read.split(stream))


def titled(title: str) -> list[Book]:
    return [book for book in books() if book.title == title]


def bib(record: MarcRecord) -> Bib:
    found, issues = marc21_bib.bib(record)
    assert not issues
    return found


def described(book: Book) -> MarcRecord:
    return describe(Entry(book, "1", ()), DUCPHO)


# --- the books ------------------------------------------------------------------------------------------------------


def test_there_are_enough_books_and_every_library_shares_some_with_each_other() -> None:
    held = Counter(book.held for book in books())
    assert sum(held.values()) >= 320
    assert sum(len(letters) * times for letters, times in held.items()) >= 300
    assert min(held[letters] for letters in ("td", "ts", "ds", "tds")) > 5


def test_ids_are_unique() -> None:
    assert len({book.id for book in books()}) == len(books())


def test_about_a_third_has_an_isbn_with_the_right_check_digit() -> None:
    numbers = [book.isbn for book in books() if book.isbn]
    assert 0.25 < len(numbers) / len(books()) < 0.4
    assert all(number.startswith("978604") and isbn.is_valid(number) for number in numbers)


def test_an_isbn_on_several_books_is_that_of_a_set_or_of_a_textbook_in_volumes() -> None:
    times = Counter(book.isbn for book in books() if book.isbn)
    shared = [book for book in books() if times[book.isbn] > 1]
    assert shared
    for book in shared:
        same = [other for other in shared if other.isbn == book.isbn]
        assert {other.title for other in same} == {book.title}
        assert len({other.number for other in same}) == len(same)


def test_every_issn_has_the_right_check_digit() -> None:
    numbers = [book.issn for book in books() if book.issn]
    assert len(numbers) >= 5
    assert all(issn.is_valid(number) for number in numbers)


def test_years_and_pages_are_numbers_or_not_stated() -> None:
    for book in books():
        assert book.year == "" or 1900 <= int(book.year) <= 2026, book.id
        assert book.pages == "" or 10 < int(book.pages) < 3000, book.id


def test_text_is_nfc_and_trimmed() -> None:
    for book in books():
        for text in (book.title, book.author, book.publisher, book.remainder, *(name for name, _ in book.others)):
            assert text == unicodedata.normalize("NFC", text).strip(), book.id


def test_some_titles_differ_by_their_tones_only() -> None:
    forms: dict[str, set[str]] = {}
    for book in books():
        forms.setdefault(folded(book.title), set()).add(toned(book.title))
    assert {"song", "ky thuat nuoi de"} <= {plain for plain, marked in forms.items() if len(marked) > 1}


def test_textbooks_of_one_title_differ_in_volume_series_or_year() -> None:
    rows = titled("Ngữ văn 6")
    assert len(rows) >= 8
    assert len({(book.number, book.series, book.year) for book in rows}) == len(rows)


# --- MARC-8 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("tone", TONES)
def test_every_vietnamese_letter_survives_marc8(letter: str, tone: str) -> None:
    text = unicodedata.normalize("NFC", letter + tone)
    assert marc8_to_unicode(marc8.encode(text)) == text


def test_marks_stand_before_their_letter() -> None:
    assert marc8.encode("ế") == b"\xe3\xe2e"
    assert marc8.encode("ợ") == b"\xf2\xbc"
    assert marc8.encode("Đ") == b"\xa3"


@given(st.lists(st.sampled_from([*"abc /:,.1", *(letter + tone for letter in LETTERS for tone in TONES)])).map("".join))
def test_any_vietnamese_text_survives_marc8(text: str) -> None:
    assert marc8_to_unicode(marc8.encode(text)) == unicodedata.normalize("NFC", text)


def test_decomposed_and_composed_text_give_the_same_marc8() -> None:
    text = "Những ngày thơ ấu, Đường Kách mệnh"
    assert marc8.encode(unicodedata.normalize("NFD", text)) == marc8.encode(text)


def test_typographic_signs_are_typed_plainly() -> None:
    assert marc8.encode("“a” – b’s…") == b'"a" - b\'s...'


@pytest.mark.parametrize("text", ["漢", "ω", "a\u0332", "\x1e"])
def test_what_has_no_place_in_marc8_is_an_error(text: str) -> None:
    with pytest.raises(EncodeError, match="U\\+"):
        marc8.encode(text)


def test_a_record_is_iso2709_that_pymarc_reads() -> None:
    record = described(titled("Đất rừng phương Nam")[0])
    content = marc8.iso2709(record)
    assert content[9:10] == b" "
    assert int(content[:5]) == len(content)
    (found,) = MARCReader(BytesIO(content))
    assert found is not None
    assert found["245"]["a"] == "Đất rừng phương Nam"


# --- the habits of the libraries ------------------------------------------------------------------------------------


def test_only_full_vietnamese_names_are_inverted() -> None:
    assert DUCPHO.name("Nguyễn Nhật Ánh") == "Nguyễn, Nhật Ánh"
    assert [DUCPHO.name(name) for name in ("Tô Hoài", "Victor Hugo")] == ["Tô Hoài", "Victor Hugo"]
    assert TINH.name("Nguyễn Nhật Ánh") == "Nguyễn Nhật Ánh"


def test_the_school_spells_as_school_books_do() -> None:
    assert THCS.spelled("Hóa học, hòa bình, Đặng Thùy Trâm") == "Hoá học, hoà bình, Đặng Thuỳ Trâm"
    assert THCS.spelled("nhật ký, kỹ thuật, quý, hoàn") == "nhật kí, kỹ thuật, quý, hoàn".replace("kỹ", "kĩ")
    assert TINH.spelled("nhật ký, hóa") == "nhật ký, hóa"


def test_volumes_are_abbreviated_in_the_former_district_library() -> None:
    assert [DUCPHO.volume(number) for number in ("Tập một", "Tập 2", "Quyển thượng", "")] == [
        "T.1",
        "T.2",
        "Q.thượng",
        "",
    ]


def test_punctuation_follows_isbd_where_the_library_keeps_to_it() -> None:
    book = next(book for book in books() if book.part and "t" in book.held)
    field = describe(Entry(book, "1", ()), TINH).first("245")
    assert field is not None
    assert field.get("a").endswith(".")
    assert field.get("n").endswith(",")
    assert field.get("p").endswith(" /")


def test_coded_data_has_forty_characters_in_every_record() -> None:
    assert {len(described(book).control("008")) for book in books()} == {40}


# --- the files ------------------------------------------------------------------------------------------------------


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    first, second = prepare(tmp_path / "a"), prepare(tmp_path / "b")
    assert first.counts == second.counts
    files = [
        sorted(path for path in folder.rglob("*") if path.is_file()) for folder in (tmp_path / "a", tmp_path / "b")
    ]
    assert [file.name for file in files[0]] == [file.name for file in files[1]]
    assert [file.read_bytes() for file in files[0]] == [file.read_bytes() for file in files[1]]


def test_the_marc_files_hold_one_record_to_put_aside_and_its_neighbours_are_whole(libraries: Libraries) -> None:
    good, put_aside, codes = 0, 0, Counter[str]()
    for content in pieces(libraries.marc_folder):
        try:
            decoded = read.decode(content)
        except DecodeError:
            put_aside += 1
            continue
        good += 1
        codes.update(issue.code for issue in decoded.issues)
    assert (good, put_aside) == (libraries.counts["ducpho"], libraries.broken)
    assert codes == {"structure-rescued": 1, "encoding-mislabelled": 1}


def test_the_marc_files_keep_every_letter(libraries: Libraries) -> None:
    found = set()
    for content in pieces(libraries.marc_folder):
        if len(content) > 100:
            found.add(bib(read.decode(content).record).title.main)
    held = [book.title for book in books() if "d" in book.held]
    assert len(set(held) - found) <= libraries.broken


def test_the_school_file_reads_whole_with_copies_everywhere(libraries: Libraries) -> None:
    with libraries.marcxml_file.open("rb") as stream:
        records = [decode_xml(piece.content).record for piece in split_xml(stream)]
    assert len(records) == libraries.counts["thcs"]
    assert all(holding.copies and holding.call_number for record in records for holding in bib(record).holdings)
    assert all(bib(record).holdings for record in records)


def test_one_record_of_the_school_has_decomposed_letters(libraries: Libraries) -> None:
    text = libraries.marcxml_file.read_text("utf-8")
    odd = [part for part in text.split("</record>") if not unicodedata.is_normalized("NFC", part)]
    assert len(odd) == 1


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.code)
def test_a_library_has_a_level_that_pages_can_name_and_says_that_its_contact_is_made_up(member: DemoMember) -> None:
    assert member.level in by_code("levels")
    assert "trình diễn" in member.contact.address
    assert "trình diễn" in member.contact.hours
    assert member.contact.phone.startswith("0000 ")  # no network has such numbers
    assert (member.contact.email, member.contact.website, member.contact.latitude) == ("", "", None)


def test_three_libraries_have_at_least_three_hundred_records(libraries: Libraries) -> None:
    assert sum(libraries.counts.values()) >= 300


# --- the server -----------------------------------------------------------------------------------------------------


@pytest.fixture
def served(libraries: Libraries) -> Iterator[tuple[Libraries, Sickle]]:
    port = free_port()
    process = serve_oai(libraries, port)
    try:
        yield libraries, Sickle(oai_url(port), timeout=20)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_the_server_gives_every_record_in_pages(served: tuple[Libraries, Sickle]) -> None:
    libraries, client = served
    records = list(client.ListRecords(metadataPrefix="marcxml"))
    assert len({record.header.identifier for record in records}) == libraries.counts["tinh"] == len(records)
    assert {one.metadataPrefix for one in client.ListMetadataFormats()} == {"oai_dc", "marcxml"}
    assert client.Identify().deletedRecord == "persistent"


def test_copies_and_call_numbers_come_with_every_record(served: tuple[Libraries, Sickle]) -> None:
    _, client = served
    for record in client.ListRecords(metadataPrefix="marcxml"):
        (piece,) = split_xml(BytesIO(record.raw.encode()))
        found = bib(decode_xml(piece.content).record)
        assert found.holdings
        assert all(holding.call_number and holding.copies for holding in found.holdings)


def test_the_second_harvest_sees_withdrawn_changed_and_new_records(served: tuple[Libraries, Sickle]) -> None:
    libraries, client = served
    now = datetime.now(UTC)
    told = advance(libraries, now)
    since = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    records = list(client.ListRecords(metadataPrefix="marcxml", ignore_deleted=False, **{"from": since}))
    assert told.keys() == {"withdrawn", "changed", "new"}
    assert len(records) == sum(told.values())
    assert sum(record.header.deleted for record in records) == told["withdrawn"]
    assert any("tầng 2" in record.raw for record in records)


def test_sets_part_books_from_the_rest(served: tuple[Libraries, Sickle]) -> None:
    libraries, client = served
    sizes = [len(list(client.ListIdentifiers(metadataPrefix="oai_dc", set=one.setSpec))) for one in client.ListSets()]
    assert len(sizes) == 2
    assert sum(sizes) == libraries.counts["tinh"]


def test_the_server_ends_with_whoever_started_it(libraries: Libraries) -> None:
    process = serve_oai(libraries, free_port())
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=10) == 0


def test_a_port_in_use_is_told_in_one_line(libraries: Libraries) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Unavailable, match="cannot be opened"):
            serve_oai(libraries, taken.getsockname()[1])


# --- what to try ----------------------------------------------------------------------------------------------------


def words(book: Book) -> set[str]:
    texts = [book.title, book.author, book.remainder, book.part, book.series, " ".join(name for name, _ in book.others)]
    texts += [" ".join(parts) for parts in book.subjects]
    return {form for text in texts for token in tokens(text) for form in token}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.text)
def test_every_word_of_a_query_stands_in_a_record_it_must_find(query: Query) -> None:
    asked = {token.toned for token in tokens(query.text)}
    assert any(asked <= words(book) for book in titled(query.finds))


def test_queries_come_with_and_without_tone_marks() -> None:
    plain = [query for query in QUERIES if query.text.isascii()]
    assert 3 < len(plain) < len(QUERIES) - 3
