"""One record with something in every place, for tests of what is written."""

from schemas.bib import (
    Agent,
    Bib,
    Classification,
    Edition,
    Holding,
    Identifier,
    Link,
    Publication,
    Series,
    Subject,
    Title,
)

FULL = Bib(
    title=Title("Lịch sử <Quảng Ngãi> & miền Trung", "khảo cứu", "Tập 2", "Thời cận đại", "Nguyễn Văn A ; Trần B dịch"),
    material="book",
    languages=("vie", "eng"),
    original_languages=("fre",),
    other_titles=(Title("History of Quảng Ngãi", "a study"), Title("Histoire")),
    agents=(
        Agent("Nguyễn, Văn A", "person", "chủ biên", "1950-", True),
        Agent("Trần B", "person", "trl"),
        Agent("Việt Nam. Bộ Văn hoá", "corporate"),
        Agent("Hội thảo Sa Huỳnh", "meeting", "nơi tổ chức"),
    ),
    identifiers=(
        Identifier("lccn", "2001627090"),
        Identifier("isbn", "9786041234567", "bìa mềm"),
        Identifier("isbn", "123", valid=False),
        Identifier("issn", "0317-8471"),
        Identifier("doi", "10.1000/abc.1"),
        Identifier("local", "8936046617891"),
        Identifier("local", "(VN-QNg)12"),
        Identifier("oclc", "12345"),
    ),
    subjects=(
        Subject("Nguyễn, Huệ, 1753-1792 -- Tiểu sử", "person"),
        Subject("Quân đội nhân dân", "corporate", "bkvn"),
        Subject("Lịch sử -- Việt Nam -- Thế kỷ 20", "topic", "lcsh"),
        Subject("Quảng Ngãi -- Lịch sử", "place"),
        Subject("Sa Huỳnh", "keyword"),
        Subject("Khảo cứu", "genre", "lcgft"),
    ),
    classes=(
        Classification("lcc", "DS559"),
        Classification("udc", "94(597)"),
        Classification("ddc", "959.752"),
        Classification("bbk", "T3"),
    ),
    edition=Edition("Tái bản lần thứ 2"),
    publication=Publication("Quảng Ngãi", "Nxb. Tổng hợp", "2009", 2009, "vm"),
    extent="312 tr. : ảnh",
    dimensions="21 cm",
    series=(Series("Tủ sách Quảng Ngãi", "T.5", "0317-8471"), Series("Địa chí")),
    summary="Tóm tắt nội dung.",
    contents="T.1: Cổ đại -- T.2: Cận đại.",
    notes=("Thư mục: tr. 300-312.", "Lưu hành nội bộ."),
    links=(Link("https://example.vn/a?b=1&c=2", "Toàn văn"), Link("http://example.vn/")),
    control_number="12",
    control_agency="VN-QNg",
)

HELD = (("Thư viện tỉnh", Holding("Kho đọc", "959 L", 3, "Tại chỗ")), ("Trường <A>", Holding()))
