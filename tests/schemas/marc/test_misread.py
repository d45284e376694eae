"""Whole records in old Vietnamese encodings: by the vote of their fields, and never one that is in another language."""

from collections import Counter
from pathlib import Path

import pytest

from schemas.errors import SchemaError
from schemas.issues import Issue
from schemas.marc import misread
from schemas.marc.marcxml import decode_xml, split_xml
from schemas.marc.piece import Decoded
from schemas.marc.read import decode, split
from schemas.marc.record import data_field
from schemas.marc.write import marcxml
from schemas.vietnamese import legacy
from tests.schemas.marc.samples import iso, opened, real_files
from tests.support.old_encodings import ENCODINGS, encode, old_record, shown

FIELDS = (
    ("001", "cd0007"),
    ("100", "$aNguyễn Đức Thắng"),
    ("245", "$aLịch sử phát triển nông thôn tỉnh Quảng Ngãi$cNguyễn Đức Thắng"),
    ("260", "$aHuế$bĐà Nẵng$c1998"),
    ("650", "$aHội thảo"),
    ("856", "$uhttp://x/?a=1&eacute;=2"),
)
RIGHT = [text.split("$", 1)[1] for _, text in FIELDS[1:]]


def read(content: bytes, said: str = "") -> Decoded:
    return misread.mended(decode(content, said), said)


def texts(decoded: Decoded) -> list[str]:
    return [
        "$".join(code + value for code, value in field.subfields)
        for field in decoded.record.fields
        if field.tag[:2] != "00"
    ]


def codes(issues: tuple[Issue, ...]) -> list[str]:
    return [found.code for found in issues]


def repairs(decoded: Decoded) -> list[str]:
    return [code for code in codes(decoded.issues) if code in legacy.REPAIRS]


@pytest.mark.pathology(
    22, "TCVN3, VNI, VISCII, Windows-1258, VIQR and UTF-8 encoded twice are read by the vote of a record"
)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_record_is_read_by_the_vote_of_its_fields(encoding: str) -> None:
    decoded = read(old_record(encoding, FIELDS))
    assert texts(decoded) == RIGHT
    assert repairs(decoded) == ["encoding-twice" if encoding == "utf-8 twice" else "encoding-vietnamese"]
    assert "encoding-guessed" not in codes(decoded.issues)


@pytest.mark.pathology(
    22, "TCVN3, VNI, VISCII, Windows-1258, VIQR and UTF-8 encoded twice are read by the vote of a record"
)
def test_the_repair_names_fields_encoding_and_score() -> None:
    (found,) = (each for each in read(old_record("tcvn3", FIELDS)).issues if each.code == "encoding-vietnamese")
    assert found.severity == "repaired"
    assert found.where == "100,245,260,650"
    assert "TCVN3, " in found.message


@pytest.mark.pathology(
    22, "letters of Windows that stand for the bytes of an old encoding are read too, in XML as well"
)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_record_that_was_decoded_wrongly_before_it_came_is_read(encoding: str) -> None:
    fields = [(tag, text if tag < "010" else shown(text, encoding)) for tag, text in FIELDS]
    source = decode(iso(*((tag, _field(tag, text)) for tag, text in fields)))
    if encoding == "viscii" or encoding == "cp1258":
        assert "ữ" not in marcxml(source.record)
    decoded = misread.mended(decode_xml(marcxml(source.record).encode()))
    assert texts(decoded) == RIGHT


def _field(tag: str, text: str) -> bytes:
    return text.encode() if tag < "010" else b"10" + text.replace("$", "\x1f").encode()


def test_control_fields_addresses_and_control_numbers_stay() -> None:
    fields = (*FIELDS, ("773", "$wViÖt 1$tNguyễn Đức Thắng"))
    decoded = read(old_record("vni", fields[:-1]))
    assert texts(decoded)[-1] == "uhttp://x/?a=1&eacute;=2"
    assert decoded.record.control("001") == "cd0007"


@pytest.mark.pathology(22, "fields in Unicode and fields in an old encoding live in one record; each is read as it is")
def test_unicode_and_an_old_encoding_in_one_record() -> None:
    content = iso(
        ("100", b"1 \x1fa" + encode("Nguyễn Đức Thắng", "tcvn3")),
        ("245", "10\x1faCô giáo Trần Thị Hoà".encode()),
        ("500", b"  \x1fa" + encode("Hội", "tcvn3")),
        ("500", "  \x1faCô Lê".encode()),
        status="nam  ",
    )
    assert texts(read(content)) == ["aNguyễn Đức Thắng", "aCô giáo Trần Thị Hoà", "aHội", "aCô Lê"]


@pytest.mark.pathology(
    22, "below a margin nothing is guessed: the record stays as it is and is told as encoding-doubtful"
)
def test_a_doubtful_record_is_kept_as_it_is_and_told() -> None:
    decoded = read(old_record("tcvn3", [("245", "$aLê Cung")]))
    assert texts(decoded) == ["aLª Cung"]
    assert codes(decoded.issues) == ["encoding-guessed", "encoding-doubtful"]
    assert {found.severity for found in decoded.issues} == {"warning"}


@pytest.mark.pathology(22, "what the source is said to write decides where a record cannot, and undoes a wrong guess")
def test_the_word_of_the_source_decides_or_undoes() -> None:
    doubtful, plain = old_record("tcvn3", [("245", "$aLê Cung")]), old_record("tcvn3", FIELDS)
    assert texts(read(doubtful, "tcvn3")) == ["aLê Cung"]
    assert texts(read(plain, "windows-1252")) == [shown(text, "tcvn3") for text in RIGHT]
    assert "\ufffd" in texts(read(plain, "utf-8"))[0]
    assert not repairs(read(plain, "windows-1252"))


def test_marc8_can_be_said_too() -> None:
    content = iso(("245", b"10\x1faRodr\xe2iguez, ch\xe9"), status="nam  ")
    assert texts(read(content, "marc-8"))[0].startswith("aRodríguez")


@pytest.mark.parametrize("label", [" ", "a"])
def test_french_in_latin_1_stays_a_guess(label: str) -> None:
    text = "Bibliothèque de l'École française : récits d'été à Genève"
    decoded = read(iso(("245", b"10\x1fa" + text.encode("cp1252")), status=f"nam {label}"))
    assert texts(decoded) == ["a" + text]
    assert codes(decoded.issues) == ["encoding-guessed"]


def test_a_record_that_has_nothing_of_the_kind_comes_back_as_it_is() -> None:
    decoded = decode(iso(("245", "10\x1faQuảng Ngãi".encode())))
    assert misread.mended(decoded) is decoded
    made = Decoded(decoded.record)
    assert misread.mended(made).record is made.record


def test_references_in_text_become_letters_and_are_told() -> None:
    decoded = misread.mended(decode(iso(("245", b"10\x1faT&#7915; &#273;i&#7875;n &amp; c\xc3\xa1"))))
    assert texts(decoded) == ["aTừ điển &amp; cá"]
    assert codes(decoded.issues) == ["encoding-references"]


def test_a_record_of_odd_shape_is_mended_field_by_field() -> None:
    record = decode(iso(("245", b"10\x1faplain"))).record
    odd = Decoded(type(record)(record.leader, (data_field("24", "10", ("a", "ViÖt Nam \x1f NguyÔn")),)))
    assert misread.mended(odd).record.fields[0].get("a").startswith("Việt Nam")


#: what is mended in all the real files, and all of it rightly: three records in VNI, one that was encoded over and
#: over, and references that stand in the text
MENDED = {
    "sach-ngoai-van-kho-c-cs1.mrc.gz": {"encoding-vietnamese": 3},
    "recordmanager__Base_record_marc-broken.xml.gz": {"encoding-twice": 3},
    "reservoir__pennstate-bad-rec-20221216.xml.gz": {"encoding-references": 2},
    "concerto_enhanced_biblio.record_entry.xml.gz": {"encoding-references": 5},
}


@pytest.mark.slow
@pytest.mark.pathology(22, "of 55,952 real records in all languages only those are touched that are wrong")
def test_of_all_real_records_only_those_change_that_are_wrong(shared_data: Path) -> None:
    seen, changed = 0, {}
    for xml in (False, True):
        for path in real_files(shared_data, xml):
            count: Counter[str] = Counter()
            for piece in (split_xml if xml else split)(opened(path)):
                try:
                    decoded = (decode_xml if xml else decode)(piece.content)
                except SchemaError:
                    continue
                seen += 1
                before = len(decoded.issues)
                count.update(codes(misread.mended(decoded).issues[before:]))
            if count:
                changed[path.name] = dict(count)
    assert seen > 50_000
    assert changed == MENDED
