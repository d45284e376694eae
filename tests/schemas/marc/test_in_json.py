from io import StringIO

from pymarc import JSONHandler, parse_json_to_array

from schemas.marc.in_json import in_json
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, data_field

RECORD = MarcRecord(
    BLANK_LEADER, (Field("001", "7"), data_field("245", "10", ("a", 'Mắt "biếc"'), ("c", "Nguyễn Nhật Ánh")))
)


def test_others_read_the_same_record() -> None:
    assert JSONHandler
    (read,) = parse_json_to_array(StringIO(f"[{in_json(RECORD)}]"))
    assert read["001"].data == "7"
    assert list(read["245"].indicators) == ["1", "0"]
    assert [(part.code, part.value) for part in read["245"].subfields] == [
        ("a", 'Mắt "biếc"'),
        ("c", "Nguyễn Nhật Ánh"),
    ]
