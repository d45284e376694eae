"""Reading requests: whatever comes is an `Asked` or refused with a diagnostic of the standard."""

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from federation.sru.request import DEFAULT_RECORDS, MOST_RECORDS, Asked, Refused, read
from schemas.query.diagnostics import sru_words

NAMES = st.sampled_from(
    [
        *("operation", "version", "query", "queryType", "scanClause", "startRecord", "maximumRecords", "recordSchema"),
        *("recordPacking", "recordXMLEscaping", "responsePosition", "maximumTerms", "sortKeys", "facetLimit"),
        *("facetStart", "facetSort", "httpAccept", "responseType", "renderedBy", "stylesheet", "x-y", "colour"),
    ]
)
VALUES = st.sampled_from(["1.1", "1.2", "2.0", "scan", "explain", "searchRetrieve", "a", "1", "0", "xml", "string"])


def _answered(content: bytes) -> Asked | Refused:
    try:
        return read(content)
    except Refused as refused:
        assert refused.diagnostic.number in sru_words()
        return refused


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fall(content: bytes) -> None:
    _answered(content)


@given(st.lists(st.tuples(NAMES, VALUES | st.text(max_size=6)), max_size=8))
def test_no_parameters_make_it_fall_and_what_is_taken_keeps_the_limits(pairs: list[tuple[str, str]]) -> None:
    answered = _answered(urlencode(pairs, errors="replace").encode())
    if isinstance(answered, Asked):
        assert 1 <= answered.start < 10**9
        assert 0 <= answered.limit <= MOST_RECORDS
        assert answered.version in ("1.1", "1.2", "2.0")


def test_what_is_left_out_has_its_default() -> None:
    asked = read(b"query=a&startRecord=&maximumRecords=")
    assert (asked.start, asked.limit, asked.schema, asked.escaped) == (1, DEFAULT_RECORDS, "", False)


def test_the_query_string_and_the_form_are_read_together() -> None:
    assert read(b"operation=searchRetrieve&version=1.1", b"query=a").query == "a"
