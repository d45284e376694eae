from datetime import date

from federation.matching.attribution import attributed
from federation.matching.merge import Member, Origin, merge
from schemas.bib import Holding
from schemas.marc import write
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import Field, data_field
from tests.support.records import record


def member(code: str, *more: Field) -> Member:
    made = record(1, title="Mắt biếc")
    marcxml = write.marcxml(type(made)(made.leader, (*made.fields, *more)))
    return Member(code, "1", marcxml, (Holding("Kho", "V1", 1),), date(2026, 11, 20))


def test_each_field_is_its_members_as_the_merge_noted() -> None:
    added = data_field("650", " 7", ("a", "Văn học thiếu nhi"))
    rich = member("a", data_field("520", "  ", ("a", "Tóm tắt")), data_field("500", "  ", ("a", "Ghi chú")))
    union = merge(7, "l.example", [rich, member("b", added)])
    lines = attributed(decode_xml(union.marcxml.encode()).record.fields, union.origins)
    whose = {(line.field.tag, line.field.get("a")): line.member for line in lines}
    assert whose["001", ""] == whose["003", ""] == ""
    assert whose["520", "Tóm tắt"] == "a"
    assert whose["650", "Văn học thiếu nhi"] == "b"
    assert {line.member for line in lines if line.field.tag == "852"} == {"a", "b"}


def test_positions_that_others_filled_are_told() -> None:
    (line,) = attributed([Field("008", "x" * 40)], [Origin("a", "1"), Origin("b", "2", "008/35-37")])
    assert (line.member, line.filled) == ("a", (("008/35-37", "b"),))


def test_without_a_note_a_field_is_nobodys() -> None:
    (line,) = attributed([data_field("245", "10", ("a", "x"))], [])
    assert line.member == ""
