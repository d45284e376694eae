"""The named repairs: what each does, how often it is counted, and what none of them touches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas.issues import CODES
from schemas.mend import CONTROLS, ENTITIES, SURROGATES, UNDECODABLE, UNESCAPED, mend


@pytest.mark.parametrize(
    ("received", "mended", "counts"),
    [
        (b"a\x00b\x0bc\x1f", b"abc", {CONTROLS: 3}),
        (b"a\tb\r\nc", b"a\tb\r\nc", {}),
        (b"\xef\xbf\xbe\xef\xbf\xbf", b"", {CONTROLS: 2}),
        (b"&#0;&#x1f;&#xFFFF;&#x110000;", b"", {CONTROLS: 4}),
        (b"&#9;&#xE1;&#7879;", b"&#9;&#xE1;&#7879;", {}),
        (b"x\xed\xa0\xbdy", b"xy", {SURROGATES: 1}),
        (b"\xed\xa0\xbd\xed\xb8\x80", "😀".encode(), {SURROGATES: 1}),
        (b"&#xD83D;&#xDE00;", b"&#128512;", {SURROGATES: 1}),
        (b"&#55357;&#56832;", b"&#128512;", {SURROGATES: 1}),
        (b"&#xD800;&#12345;", b"&#12345;", {SURROGATES: 1}),
        (b"&nbsp;&Eacute;", b"&#160;&#201;", {ENTITIES: 2}),
        (b"&amp;&lt;&gt;&quot;&apos;", b"&amp;&lt;&gt;&quot;&apos;", {}),
        (b"A & B &c; &d", b"A &amp; B &amp;c; &amp;d", {UNESCAPED: 3}),
        (b"1 < 2 <3", b"1 &lt; 2 &lt;3", {UNESCAPED: 2}),
        (b"<![CDATA[ & < &nbsp; ]]>&", b"<![CDATA[ & < &nbsp; ]]>&amp;", {UNESCAPED: 1}),
        (b"<!-- & -->", b"<!-- & -->", {}),
        (b"<!-- open & &nbsp;", b"<!-- open &amp; &#160;", {UNESCAPED: 1, ENTITIES: 1}),
        (b"caf\xe9", "caf\ufffd".encode(), {UNDECODABLE: 1}),
    ],
)
def test_each_repair_is_made_and_counted(received: bytes, mended: bytes, counts: dict[str, int]) -> None:
    found = mend(received)
    assert (found.content, found.counts) == (mended, counts)


def test_bytes_of_another_encoding_are_left_as_they_are() -> None:
    found = mend(b"caf\xe9 &nbsp; \xed\xa0\xbd", utf8=False)
    assert (found.content, found.counts) == (b"caf\xe9 &#160; \xed\xa0\xbd", {ENTITIES: 1})


def test_every_repair_has_a_code() -> None:
    assert {CONTROLS, ENTITIES, SURROGATES, UNDECODABLE, UNESCAPED} <= CODES.keys()


PARTS = [b"&", b"< ", b"\x1f", b"&#xD800;", b"&nbsp;", b"\xed\xa0\xbd", b"\xff", b"a", b"&amp;", b";"]


@given(st.lists(st.sampled_from(PARTS)))
def test_text_of_any_faults_is_well_formed_afterwards_and_needs_no_more(parts: list[bytes]) -> None:
    mended = mend(b"".join(parts)).content
    etree.fromstring(b"<x>" + mended + b"</x>")
    assert mend(mended).counts == {}
