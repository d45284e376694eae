"""The description of the API says all that the internal record says."""

import msgspec

from federation.api import description
from schemas import bib
from tests.federation.web.fakes import RICH

#: told of a union record elsewhere, or only of use inside
NOT_TOLD = {"holdings", "control_number", "control_agency"}


def test_no_field_of_a_record_is_forgotten() -> None:
    assert set(description.Description.__struct_fields__) == set(bib.Bib.__struct_fields__) - NOT_TOLD
    for name in (
        "Agent",
        "Identifier",
        "Subject",
        "Classification",
        "Edition",
        "Publication",
        "Series",
        "Link",
        "Host",
    ):
        assert getattr(description, name).__struct_fields__ == getattr(bib, name).__struct_fields__
    assert description.Name.__struct_fields__ == bib.Title.__struct_fields__


def test_parts_are_named() -> None:
    said = msgspec.json.decode(msgspec.json.encode(description.described(RICH)))
    assert said["series"] == [{"title": "Tủ sách Tuổi mới lớn", "volume": "T. 4", "issn": ""}]
    assert said["publication"]["country"] == "vm"
