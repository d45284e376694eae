"""The options of targets: what they mean, and what is wrong with one is said when it is typed."""

import pytest

from federation.errors import UsageError
from federation.targets.profile import OPTIONS, check, habits
from harvesters.base import SourceSpec

SRU, Z3950 = "http://sru.example.org/x", "z3950://z.example.org:210/Voyager"


def spec(kind: str = "sru", url: str = "", **options: str) -> SourceSpec:
    return SourceSpec("x", kind, url or (SRU if kind == "sru" else Z3950), options=options)


def test_what_is_left_to_us_is_tried_in_turn() -> None:
    tried = [(manner.words, manner.attributes) for manner in habits({}).manners]
    assert tried == [("list", "usual"), ("each", "usual"), ("each", "use")]
    fixed = {(manner.words, manner.attributes) for manner in habits({"words": "each", "attributes": "all"}).manners}
    assert fixed == {("each", "all")}


def test_names_of_indexes_and_use_attributes_are_read_by_access_point() -> None:
    read = habits({"indexes": "title=pica.tit any=pica.all", "uses": "any=1035 creator=1"})
    assert read.indexes == {"title": "pica.tit", "any": "pica.all"}
    assert read.manners[0].uses == {1016: 1035, 1003: 1}


@pytest.mark.parametrize("kind", ["sru", "z3950"])
def test_every_option_is_accepted_with_its_default(kind: str) -> None:
    check(spec(kind, **{option.name: option.default for option in OPTIONS[kind] if option.default}))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (spec(url="z3950://z.example.org/x"), "http://"),
        (spec(url="http://a.example.org\nhttp://b.example.org"), "http://"),
        (spec("z3950", url="http://z.example.org/x"), "z3950://"),
        (spec("z3950", url="z3950://u:p@z.example.org/x"), "options of their own"),
        (spec(words="some"), "list, each"),
        (spec(letters="capital"), "typed, plain"),
        (spec(wait="0"), "from 0.1"),
        (spec(indexes="title"), "ACCESS-POINT=NAME"),
        (spec(indexes="nothing=dc.title"), "ACCESS-POINT=NAME"),
        (spec(indexes="title=a b"), "ACCESS-POINT=NAME"),
        (spec(indexes="title=<x>"), "rec.id"),
        (spec("z3950", uses="title=four"), "NUMBER"),
        (spec("z3950", uses="area=4"), "NUMBER"),
        (spec("z3950", syntax="klingon"), "usmarc"),
        (spec("z3950", indexes="title=dc.title"), "known are"),
        (spec(query="cql.allRecords=1"), "known are"),
        (spec(encoding="klingon"), "encoding"),
        (spec(user="u"), "belong together"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_with_what_would_be_right(wrong: SourceSpec, told: str) -> None:
    with pytest.raises(UsageError, match="x: ") as raised:
        check(wrong)
    assert told in str(raised.value)
    assert "u:p@" not in str(raised.value)
