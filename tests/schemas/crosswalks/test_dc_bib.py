"""From Dublin Core, as repositories really send it, to the record of the house."""

import gzip

import pytest
from lxml import etree

from schemas.bib import Agent, Bib, Classification, Identifier, Link, Publication, Series, Subject, Title
from schemas.crosswalks.bib_dc import oai_dc
from schemas.crosswalks.bib_marc21 import marc21
from schemas.crosswalks.dc_bib import bib
from schemas.crosswalks.marc21_bib import bib as marc21_bib
from schemas.errors import CrosswalkError, DecodeError
from tests.schemas.crosswalks.full import FULL
from tests.support.old_encodings import shown

HEAD = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:edm="http://www.europeana.eu/schemas/edm/">'
)


def dc(body, head=HEAD, tail="</oai_dc:dc>"):
    return f"{head}{body}{tail}".encode()


def read(*lines, title="<dc:title>Nhan đề</dc:title>"):
    body = "".join(
        f"<dc:{line.split('=', 1)[0]}>{line.split('=', 1)[1]}</dc:{line.split('=', 1)[0]}>" for line in lines
    )
    return bib(dc(title + body))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dế mèn : truyện / Tô Hoài", Title("Dế mèn", "truyện", responsibility="Tô Hoài")),
        ("  Dế\n mèn ", Title("Dế mèn")),
        ("Địa lý Quảng Ngãi.", Title("Địa lý Quảng Ngãi")),
    ],
)
def test_the_first_title_is_the_title(text, expected):
    assert read(title=f"<dc:title>{text}</dc:title>").title == expected


def test_more_titles_are_other_titles():
    found = read("title=Second", title="<dc:title>Đọc sách = Reading</dc:title>")
    assert found.other_titles == (Title("Reading"), Title("Second"))
    assert bib(dc("<dc:title>A a</dc:title><dcterms:alternative>B b</dcterms:alternative>"))[0].other_titles == (
        Title("B b"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyễn, Văn A", Agent("Nguyễn, Văn A", main=True)),
        ("Nguyễn Văn Trỗi.", Agent("Nguyễn Văn Trỗi", main=True)),
        ("Tố Hữu, 1920-2002", Agent("Tố Hữu", dates="1920-2002", main=True)),
        ("Mai Hương (1949- )", Agent("Mai Hương", dates="1949-", main=True)),
        ("Bộ Giáo dục và Đào tạo", Agent("Bộ Giáo dục và Đào tạo", "corporate", main=True)),
        (
            "Norda Essential Oil and Chemical Company",
            Agent("Norda Essential Oil and Chemical Company", "corporate", main=True),
        ),
        ("Library, John", Agent("Library, John", main=True)),
    ],
)
def test_a_creator_is_a_person_or_a_body_with_or_without_dates(text, expected):
    assert read(f"creator={text}").agents == (expected,)


def test_contributors_follow_and_only_the_first_creator_is_the_main_entry():
    found = read("creator=A A; B B", "creator=C C", "contributor=D D")
    assert [(agent.name, agent.main) for agent in found.agents] == [
        ("A A", True),
        ("B B", False),
        ("C C", False),
        ("D D", False),
    ]


@pytest.mark.parametrize(
    ("dates", "date", "year"),
    [
        (["2009"], "2009", 2009),
        (["2009-05"], "2009-05", 2009),
        (["2009-05-01"], "2009-05-01", 2009),
        (["20090501"], "2009-05-01", 2009),
        (["2009-05-01T10:00:00Z"], "2009-05-01", 2009),
        (["2015-06-01T01:02:03Z", "2015-06-02T01:02:03Z", "2009"], "2009", 2009),
        (["2015-06-02T01:02:03Z", "2015-06-01T01:02:03Z"], "2015-06-01", 2015),
        (["c2001"], "c2001", 2001),
        (["01/05/2009"], "01/05/2009", 2009),
        (["1950s"], "1950s", 0),
        (["không rõ"], "không rõ", 0),
        ([], "", 0),
    ],
)
def test_the_date_of_publication_is_chosen_from_all_dates(dates, date, year):
    assert read(*(f"date={one}" for one in dates)).publication == Publication(date=date, year=year)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("vie", ("vie",)),
        ("vi", ("vie",)),
        ("vi_VN", ("vie",)),
        ("en-US", ("eng",)),
        ("Tiếng Việt", ("vie",)),
        ("Vietnamese", ("vie",)),
        ("vi; en", ("vie", "eng")),
        ("N/A", ()),
        ("other", ()),
    ],
)
def test_languages_are_recognised_by_code_and_by_name(text, codes):
    assert read(f"language={text}").languages == codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("URN:ISBN:9786041234567", Identifier("isbn", "9786041234567")),
        ("ISBN 978-604-1-23456-7 (T.1)", Identifier("isbn", "9786041234567", "T.1")),
        ("9786041234567", Identifier("isbn", "9786041234567")),
        ("978-604-1-23456-7", Identifier("isbn", "9786041234567")),
        ("ISSN: 0317-8471", Identifier("issn", "0317-8471")),
        ("0317-8471", Identifier("issn", "0317-8471")),
        ("https://doi.org/10.1000/ABC", Identifier("doi", "10.1000/abc")),
        ("doi:10.1000/abc", Identifier("doi", "10.1000/abc")),
        ("10.1000/abc", Identifier("doi", "10.1000/abc")),
        ("TL-2009-12", Identifier("local", "TL-2009-12")),
    ],
)
def test_an_identifier_is_recognised_by_what_it_looks_like(text, expected):
    assert read(f"identifier={text}").identifiers == (expected,)


def test_a_number_called_isbn_that_is_none_earns_an_issue():
    found, issues = bib(dc("<dc:title>A a</dc:title><dc:identifier>ISBN 9786041234560</dc:identifier>"))
    assert not found.identifiers[0].valid
    assert [(one.code, one.where) for one in issues] == [("isbn-invalid", "dc:identifier")]


def test_addresses_are_links_and_citations_are_notes():
    found = read(
        "identifier=http://thuvien.example.vn/handle/123/4",
        "identifier=Tạp chí Sông Trà, số 3 (2009), tr. 5-9",
        "relation=http://thuvien.example.vn/4.pdf",
        "relation=Tủ sách Quảng Ngãi;T.5",
        "source=Kho địa chí",
        "rights=CC BY 4.0",
    )
    assert found.links == (Link("http://thuvien.example.vn/handle/123/4"), Link("http://thuvien.example.vn/4.pdf"))
    assert found.series == (Series("Tủ sách Quảng Ngãi", "T.5"),)
    assert found.notes == ("Tạp chí Sông Trà, số 3 (2009), tr. 5-9", "Kho địa chí", "CC BY 4.0")


@pytest.mark.parametrize(
    ("lines", "material", "level"),
    [
        ([], "book", "m"),
        (["type=Text"], "book", "m"),
        (["type=Sách"], "book", "m"),
        (["type=Text", "type=Map"], "map", "m"),
        (["type=Luận văn"], "thesis", "m"),
        (["type=info:eu-repo/semantics/article"], "article", "b"),
        (["type=Journal", "format=application/pdf"], "eserial", "s"),
        (["type=Book", "format=application/pdf"], "ebook", "m"),
        (["type=Image", "type=photographs", "format=image/tiff"], "image", "m"),
        (["type=http://purl.org/dc/dcmitype/MovingImage"], "video", "m"),
    ],
)
def test_types_and_formats_tell_the_material(lines, material, level):
    found = read(*lines)
    assert (found.material, found.level) == (material, level)


def test_the_extent_is_what_is_neither_a_media_type_nor_a_size_of_a_file():
    found = read("format=application/pdf", "format=1,024 KB", "format=312 tr.", "format=21 cm")
    assert (found.extent, found.dimensions) == ("312 tr.", "21 cm")


def test_subjects_classes_places_and_descriptions():
    found = read(
        "subject=Văn học--Việt Nam; Thơ",
        "subject=ddc:895.922",
        "coverage=Quảng Ngãi",
        "coverage=1945-1975",
        "coverage=Thơ",
        "description=Tóm tắt.",
        "description=Ghi chú.",
        "publisher=Hà Nội : Kim Đồng",
    )
    assert found.subjects == (Subject("Văn học -- Việt Nam"), Subject("Thơ"), Subject("Quảng Ngãi", "place"))
    assert found.classes == (Classification("ddc", "895.922"),)
    assert (found.summary, found.notes) == ("Tóm tắt.", ("Ghi chú.",))
    assert (found.publication.place, found.publication.publisher) == ("Hà Nội", "Kim Đồng")


@pytest.mark.parametrize(
    "content",
    [
        b"<dc><title>Nhan \xc4\x91\xe1\xbb\x81</title></dc>",
        dc("<dc:title>Nhan đề</dc:title><edm:rights>x</edm:rights>"),
        b'\n<?xml version="1.0"?><metadata>' + dc("<dc:title>Nhan đề</dc:title>") + b"</metadata>",
        b"<record><header><identifier>oai:x:1</identifier></header><metadata>"
        + dc("<dc:title>Nhan đề</dc:title>")
        + b"</metadata></record>",
        '<dc xmlns="http://purl.org/dc/elements/1.1/"><!-- x --><title>Nhan <b>đề</b></title></dc>'.encode(),
        '<metadata xmlns="http://www.openarchives.org/OAI/2.0/"><title>Nhan đề</title></metadata>'.encode(),
        '<?xml version="1.0" encoding="utf-16"?><dc><title>Nhan đề</title></dc>'.encode("utf-16"),
    ],
)
def test_namespaces_and_wrappers_do_not_matter(content):
    assert bib(content)[0].title == Title("Nhan đề")


@pytest.mark.pathology(23, "text is kept composed; search and match keys are the same for both")
def test_decomposed_letters_are_composed_and_named():
    found, issues = bib(dc("<dc:title>Tie\u0302\u0301ng Vie\u0323\u0302t</dc:title>"))
    assert (found.title.main, [one.code for one in issues]) == ("Tiếng Việt", ["text-not-nfc"])


def test_a_record_without_a_title_is_kept_with_an_issue():
    found, issues = bib(dc("<dc:creator>Tô Hoài</dc:creator>"))
    assert (found.title, [one.code for one in issues]) == (Title(""), ["title-missing"])


@pytest.mark.parametrize(
    ("content", "error", "code"),
    [
        (b"", DecodeError, "xml-unreadable"),
        (b"<dc><title>", DecodeError, "xml-unreadable"),
        (b'<!DOCTYPE dc [<!ENTITY a "b">]><dc><title>&a;</title></dc>', DecodeError, "xml-doctype"),
        ('<!DOCTYPE dc SYSTEM "x"><dc><title>a</title></dc>'.encode("utf-16"), DecodeError, "xml-doctype"),
        (b"<record><leader/></record>", CrosswalkError, "format-unsupported"),
        (b"<dc><title> </title></dc>", CrosswalkError, "format-unsupported"),
        (dc("<edm:rights>x</edm:rights>"), CrosswalkError, "format-unsupported"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(content, error, code):
    with pytest.raises(error) as raised:
        bib(content)
    assert raised.value.code == code


def test_an_entity_never_reads_a_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("mật")
    with pytest.raises(DecodeError):
        bib(f'<!DOCTYPE dc [<!ENTITY a SYSTEM "{secret.as_uri()}">]><dc><title>&a;</title></dc>'.encode())


def test_our_own_dublin_core_reads_back():
    found, issues = bib(oai_dc(FULL, ("https://example.vn/12",)).encode())
    assert issues == []
    assert found.title.main == "Lịch sử <Quảng Ngãi> & miền Trung. Tập 2. Thời cận đại"
    assert (found.title.remainder, found.publication.year, found.languages) == ("khảo cứu", 2009, ("vie", "eng"))
    assert found.numbers("isbn") == ("9786041234567",)
    assert found.series[0] == Series("Tủ sách Quảng Ngãi", "T.5")
    assert found.classes == (Classification("ddc", "959.752"),)


def samples(folder):
    for path in sorted((folder / "oai-sru-samples").glob("*oai*")):
        if not path.name.startswith("reservoir"):
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            for element in etree.fromstring(content).iter("{*}dc"):
                yield etree.tostring(element)


def test_records_of_real_repositories_are_read_and_survive_as_marc(shared_data):
    found = [bib(content)[0] for content in samples(shared_data)]
    assert len(found) > 120
    assert all(one.title.main and one.links for one in found)
    for one in found:
        assert marc21_bib(marc21(one))[0] == one, one.title


def test_a_dublin_core_record_becomes_sound_marc():
    made = read("creator=Tố Hữu, 1920-2002", "date=2009-05-01", "language=vi", "type=Luận văn", "identifier=TL-12")
    assert isinstance(made, Bib)
    assert marc21_bib(marc21(made))[0] == made


@pytest.mark.pathology(22, "Dublin Core is read by the same vote")
@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viscii", "cp1258", "viqr", "utf-8 twice"])
def test_dublin_core_in_an_old_vietnamese_encoding_is_read(encoding: str) -> None:
    title, creator = "Lịch sử phát triển nông thôn Quảng Ngãi", "Nguyễn Đức Thắng"
    lines = f"<dc:title>{shown(title, encoding)}</dc:title><dc:creator>{shown(creator, encoding)}</dc:creator>"
    made, issues = bib(dc(lines + "<dc:identifier>ViÖt 1</dc:identifier>"))
    assert str(made.title) == title
    assert made.agents[0].name == creator
    code = "encoding-twice" if encoding == "utf-8 twice" else "encoding-vietnamese"
    assert [(found.code, found.where) for found in issues] == [(code, "dc:title,dc:creator")]
    assert bib(dc(lines), "utf-8")[1] == []


def test_dublin_core_in_other_languages_stays() -> None:
    text = "Bibliothèque de l'École française : récits d'été à Genève"
    made, issues = bib(dc(f"<dc:title>{text}</dc:title><dc:creator>Noël Müller</dc:creator>"))
    assert str(made.title) == text
    assert issues == []
