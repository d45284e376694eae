"""Arguments of a request: every verb's grammar, every fault named, no hostile input let through."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.oaipmh.request import MOST_ARGUMENTS, MOST_BYTES, MOST_CHARACTERS, VERBS, Refused, read


def asked(**arguments: str):
    return read(urlencode({name.rstrip("_"): value for name, value in arguments.items()}).encode())


def faults(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        read(text.encode() if isinstance(text, str) else text)
    return [(fault.code, fault.message) for fault in caught.value.faults]


def codes(text: str | bytes) -> set[str]:
    return {code for code, _ in faults(text)}


def test_each_verb_is_read_with_its_arguments():
    assert asked(verb="Identify").verb == "Identify"
    assert asked(verb="ListMetadataFormats", identifier="oai:x:1").identifier == "oai:x:1"
    assert asked(verb="ListSets").token is None
    assert asked(verb="ListSets", resumptionToken="t").token == "t"
    record = asked(verb="GetRecord", identifier="oai:x:1", metadataPrefix="marc21")
    assert (record.identifier, record.prefix) == ("oai:x:1", "marc21")
    listing = asked(
        verb="ListRecords", metadataPrefix="marc21", set="member:tvt", from_="2026-01-02", until="2026-01-03"
    )
    assert listing.set_spec == "member:tvt"
    assert asked(verb="ListIdentifiers", resumptionToken="").token == ""


def test_arguments_may_be_split_between_address_and_body():
    assert read(b"verb=ListRecords", b"metadataPrefix=oai_dc").prefix == "oai_dc"


def test_a_day_names_its_first_second_as_from_and_its_last_as_until():
    listing = asked(verb="ListRecords", metadataPrefix="x", from_="2026-01-02", until="2026-01-02")
    assert listing.from_ == datetime(2026, 1, 2, tzinfo=UTC)
    assert listing.until == datetime(2026, 1, 2, 23, 59, 59, tzinfo=UTC)
    second = asked(verb="ListRecords", metadataPrefix="x", from_="2026-01-02T03:04:05Z", until="2026-01-02T03:04:05Z")
    assert second.from_ == second.until == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_the_last_and_the_first_day_of_the_calendar_can_be_named():
    assert asked(verb="ListRecords", metadataPrefix="x", until="9999-12-31").until.year == 9999
    assert asked(verb="ListRecords", metadataPrefix="x", from_="0001-01-01").from_.year == 1


@pytest.mark.parametrize(
    "query",
    ["", "&&&", "metadataPrefix=oai_dc", "verb=", "verb=Nothing", "verb=identify", "verb=Identify&verb=Identify"],
)
def test_a_missing_wrong_or_repeated_verb_is_bad_verb(query: str):
    assert codes(query) == {"badVerb"}


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify&set=x",
        "verb=Identify&Verb=Identify",
        "verb=GetRecord",
        "verb=GetRecord&identifier=oai:x:1",
        "verb=ListRecords",
        "verb=ListRecords&metadataPrefix=a&metadataPrefix=a",
        "verb=ListRecords&metadataPrefix=",
        "verb=ListRecords&metadataPrefix=a%20b",
        "verb=ListRecords&metadataPrefix=a&set=",
        "verb=ListRecords&metadataPrefix=a&set=a%20b",
        "verb=ListRecords&metadataPrefix=a&set=a::b",
        "verb=ListRecords&metadataPrefix=a&identifier=b",
        "verb=ListRecords&metadataPrefix=a&resumptionToken=b",
        "verb=ListRecords&resumptionToken=a&resumptionToken=a",
        "verb=ListSets&resumptionToken=a&set=b",
        "verb=ListRecords&metadataPrefix=a&from=2026-01-02&until=2026-01-01",
        "verb=ListRecords&metadataPrefix=a&from=2026-01-02&until=2026-01-02T00:00:00Z",
    ],
)
def test_arguments_that_do_not_fit_the_verb_are_bad_argument(query: str):
    assert codes(query) == {"badArgument"}


@pytest.mark.parametrize(
    "date",
    ["", "2026", "2026-1-1", "2026-13-01", "2026-02-30", "0000-01-01", "2026-01-01T00:00Z", "2026-01-01T00:00:00",
     "2026-01-01T25:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00+07:00", "٢٠٢٦-٠١-٠١", "2026-01-01\n",
     " 2026-01-01", "2026-01-01T23:59:60Z"],
)  # fmt: skip
def test_what_is_no_date_of_the_protocol_is_bad_argument(date: str):
    for name in ("from", "until"):
        assert codes(f"verb=ListRecords&metadataPrefix=a&{name}={quote(date)}") == {"badArgument"}


def test_all_faults_are_told_at_once():
    told = faults("verb=ListRecords&until=x&foo=1&set=%00&metadataPrefix=a&metadataPrefix=b")
    assert [code for code, _ in told] == ["badArgument"] * 3
    assert all(any(word in message for _, message in told) for word in ("foo", "metadataPrefix", "set"))


def test_limits_hold():
    head = "verb=ListRecords&metadataPrefix=a"
    assert codes(head + "&x" * MOST_ARGUMENTS) == {"badArgument"}
    assert codes(head + "&set=" + "a" * (MOST_CHARACTERS + 1)) == {"badArgument"}
    assert read(f"{head}&set={'a' * MOST_CHARACTERS}".encode())
    assert codes(head + "&set=" + "a" * MOST_BYTES) == {"badArgument"}
    assert codes("verb=" + "a" * 10_000) == {"badVerb"}


@pytest.mark.parametrize("query", [b"verb=\xff", b"verb=%ff%fe", b"verb=Identify&a=%c3", b"verb=Identify&\xc3\xa1=1"])
def test_text_that_is_not_utf8_is_bad_argument(query: bytes):
    assert codes(query) == {"badArgument"}


def test_what_cannot_stand_in_the_answer_is_not_echoed():
    clean = asked(verb="GetRecord", identifier="oai:x:1", metadataPrefix="marc21")
    assert clean.echo == {"verb": "GetRecord", "identifier": "oai:x:1", "metadataPrefix": "marc21"}
    assert "identifier" not in asked(verb="GetRecord", identifier='oai"x<y>', metadataPrefix="marc21").echo
    assert "resumptionToken" not in asked(verb="ListRecords", resumptionToken="a\0b").echo


def test_messages_show_only_characters_of_xml():
    ((_, message),) = faults("verb=%00%08%3Cscript%3E")
    assert "\0" not in message
    assert len(faults("verb=" + "a" * 5000)[0][1]) < 300


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes):
    try:
        assert read(text).verb in VERBS
    except Refused as refused:
        assert refused.faults
        assert {fault.code for fault in refused.faults} <= {"badVerb", "badArgument"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["verb", "from", "until", "set", "metadataPrefix", "identifier", "x"]), st.text(max_size=12)
        )
    )
)
def test_any_arguments_are_read_or_refused(pairs: list[tuple[str, str]]):
    try:
        read(urlencode(pairs, errors="surrogatepass").encode())
    except Refused as refused:
        assert refused.faults
