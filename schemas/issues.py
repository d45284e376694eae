"""What can be said of a record that was not perfect: the issue, and the table of codes a record can earn.

In: a code of `CODES`, where in the record, and what was found. Out: an `Issue` that is kept with the record, counted in
reports and shown to the library. Severity: `repaired` (we changed something and can say what), `warning` (kept as it
is), `rejected` (the record is put aside: kept as received, not in the catalogue).
"""

from typing import Final, Literal

import msgspec

Severity = Literal["repaired", "warning", "rejected"]
#: the code of a record that a harvester could not cut out of its page whole
BROKEN: Final = "record-broken"


class Issue(msgspec.Struct, frozen=True):
    """One finding on one record; `where` names the field, byte or row."""

    code: str
    severity: Severity
    where: str
    message: str


#: code -> (severity, what it means in English, in Vietnamese). The reference page lists this table.
CODES: Final[dict[str, tuple[Severity, str, str]]] = {
    # structure of ISO 2709
    "structure-rescued": (
        "repaired",
        "leader, lengths or directory are wrong; the fields were found by their delimiters",
        "đầu biểu, độ dài hoặc thư mục sai; các trường được tìm theo dấu phân cách",
    ),
    "structure-unreadable": (
        "rejected",
        "no field can be found in these bytes",
        "không tìm thấy trường nào trong các byte này",
    ),
    "truncated": (
        "rejected",
        "the record ends before its last field does",
        "biểu ghi bị cắt trước khi kết thúc",
    ),
    "record-oversize": (
        "rejected",
        "longer than any record may be (10 MB); put aside unread",
        "dài hơn giới hạn của một biểu ghi (10 MB); để riêng, không đọc",
    ),
    "xml-doctype": ("rejected", "the XML has a DOCTYPE, which is refused", "XML có DOCTYPE, bị từ chối"),
    "xml-rescued": (
        "repaired",
        "the XML was not well-formed: stray & or characters that XML forbids were mended",
        "XML sai cú pháp: đã sửa dấu & hoặc bỏ ký tự bị cấm",
    ),
    "xml-control-characters": (
        "repaired",
        "characters that XML forbids were passed over",
        "đã bỏ qua ký tự mà XML không cho phép",
    ),
    "xml-surrogates": (
        "repaired",
        "halves of surrogate pairs: joined where both are there, else passed over",
        "nửa cặp surrogate: đã ghép nếu đủ đôi, nếu không thì bỏ qua",
    ),
    "xml-entities": (
        "repaired",
        "named characters of HTML that XML does not know were read as what they mean",
        "tên ký tự của HTML mà XML không có đã được đọc đúng nghĩa",
    ),
    "xml-unescaped": (
        "repaired",
        "& or < that begin nothing were read as such",
        "dấu & hoặc < đứng lẻ đã được đọc như chính nó",
    ),
    "xml-prefixes": (
        "repaired",
        "prefixes of XML namespaces that nothing declares were declared",
        "đã khai báo các tiền tố không gian tên còn thiếu trong XML",
    ),
    "record-broken": (
        "rejected",
        "it came on a page that was not well-formed, and could not be cut out of it whole",
        "biểu ghi nằm trong trang sai cú pháp và không tách ra trọn vẹn được",
    ),
    "xml-unreadable": ("rejected", "the XML is not well-formed", "XML không đúng cú pháp"),
    "not-bibliographic": (
        "rejected",
        "leader/06 says that this is no bibliographic record",
        "leader/06 cho biết đây không phải biểu ghi thư mục",
    ),
    "not-marc": ("rejected", "this is not a MARC 21 bibliographic record", "đây không phải biểu ghi thư mục MARC 21"),
    # encoding
    "encoding-mislabelled": (
        "repaired",
        "leader/09 names another character set than the bytes show",
        "leader/09 ghi bộ mã khác với bộ mã thật của dữ liệu",
    ),
    "encoding-undecodable": (
        "warning",
        "bytes that are no text in any character set tried; shown as U+FFFD",
        "có byte không giải mã được; hiển thị bằng U+FFFD",
    ),
    "encoding-guessed": (
        "warning",
        "the bytes are neither UTF-8 nor MARC-8; read as if",
        "byte không phải UTF-8 cũng không phải MARC-8; tạm đọc theo",
    ),
    "encoding-vietnamese": (
        "repaired",
        "text in an old Vietnamese encoding was read as",
        "văn bản dùng bảng mã tiếng Việt cũ, đã đọc theo",
    ),
    "encoding-twice": (
        "repaired",
        "text that was taken for another encoding and encoded once more was restored",
        "văn bản bị mã hóa hai lần, đã khôi phục",
    ),
    "encoding-references": (
        "repaired",
        "character references of HTML in the text were read as the letters they mean",
        "đã đổi mã ký tự HTML trong văn bản thành chữ",
    ),
    "encoding-doubtful": (
        "warning",
        "perhaps an old Vietnamese encoding, not surely enough: kept as it stands until somebody has looked",
        "có thể là bảng mã tiếng Việt cũ nhưng chưa đủ chắc chắn: giữ nguyên, chờ người xem xét",
    ),
    "encoding-dissents": (
        "warning",
        "the record is in another encoding than its source says",
        "bảng mã của biểu ghi khác với bảng mã đã khai báo cho nguồn",
    ),
    # content
    "text-not-nfc": ("repaired", "letters were decomposed; stored as NFC", "chữ ở dạng tổ hợp rời; đã lưu dạng NFC"),
    "text-control-characters": ("repaired", "control characters removed", "đã bỏ ký tự điều khiển"),
    "text-line-breaks": (
        "repaired",
        "line breaks and runs of blanks made one blank",
        "đã gộp xuống dòng, khoảng trắng",
    ),
    "leader-invalid": (
        "repaired",
        "leader positions have no legal value; a default is used",
        "đầu biểu sai; dùng mặc định",
    ),
    "tag-invalid": ("repaired", "a field without a three-character tag was dropped", "đã bỏ trường có nhãn sai"),
    "tag-mended": (
        "repaired",
        "a tag with blanks or too few digits was filled up",
        "nhãn trường thiếu chữ số đã được bổ sung",
    ),
    "fields-out-of-order": (
        "repaired",
        "control fields stood behind data fields; moved to the front",
        "trường điều khiển đứng sau trường dữ liệu; đã chuyển lên đầu",
    ),
    "indicator-invalid": ("repaired", "indicators made blank", "chỉ thị sai được thay bằng khoảng trắng"),
    "subfield-invalid": ("repaired", "a subfield without a legal code", "trường con không có mã hợp lệ"),
    "field-empty": ("repaired", "an empty field was dropped", "đã bỏ trường rỗng"),
    "field-008-length": ("warning", "008 is not 40 characters", "008 không đủ 40 ký tự"),
    "title-missing": ("warning", "no title (245 $a)", "không có nhan đề (245 $a)"),
    "isbn-invalid": ("warning", "no valid ISBN", "ISBN không hợp lệ"),
    "issn-invalid": ("warning", "no valid ISSN", "ISSN không hợp lệ"),
    # identity
    "id-missing": (
        "warning",
        "no record number; a fingerprint of the content is used",
        "không có số biểu ghi; dùng dấu vân nội dung",
    ),
    "id-repeated": (
        "warning",
        "another record of the same file has this number and other content; both are kept",
        "có biểu ghi khác cùng số nhưng khác nội dung trong tệp; giữ cả hai",
    ),
    "own-record": (
        "rejected",
        "it is a record of this catalogue that came back by way of another server",
        "biểu ghi của chính mục lục này, quay lại qua một máy chủ khác",
    ),
    "format-unsupported": ("rejected", "no crosswalk reads this format", "chưa có bộ chuyển đổi cho khuôn dạng này"),
}


def issue(code: str, where: str = "", found: str = "") -> Issue:
    """Make the issue `code` of the table, found at `where`; `found` is what was there, cut to 200 characters."""
    severity, meaning, _ = CODES[code]
    return Issue(code, severity, _shown(where), f"{meaning}: {_shown(found)}" if found else meaning)


def _shown(found: str) -> str:
    """Cut, and without control characters and surrogates, which a database or a terminal would not take."""
    text = found[:200]
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
