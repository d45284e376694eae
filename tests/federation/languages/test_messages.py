"""Files of translations: what is read, what is refused with its line, and what costs only itself."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.languages.messages import Unreadable, read

HEAD = 'msgid ""\nmsgstr ""\n"Language: hre\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def put(folder: Path, text: str | bytes, head: str = HEAD) -> Path:
    file = folder / "messages.po"
    file.write_bytes(text if isinstance(text, bytes) else (head + text).encode())
    return file


def refused(file: Path) -> tuple[int, str]:
    with pytest.raises(Unreadable) as raised:
        read(file)
    assert raised.value.fault.file == file
    return raised.value.fault.line, raised.value.fault.what


@pytest.mark.parametrize(
    ("words", "line", "what"),
    [
        ('msgid "a"\nmsgstr "b "c""\n', 7, "such a mark inside of it is written"),
        ('msgid "a"\nmsgstr "b\n', 7, "a text stands in quotation marks"),
        ('msgid "a"\nmsgstr b\n', 7, "a text stands in quotation marks"),
        ('msgid "a"\nmsgstr "b" c\n', 7, "is no line of such a file"),
        ('<<<<<<< HEAD\nmsgid "a"\nmsgstr "b"\n', 6, "'<<<<<<< HEAD' is no line of such a file"),
        ('msgid "a"\nmsgid "b"\nmsgstr "c"\n', 6, "missing msgstr for msgid 'a'"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[7] "d"\n', 6, "more translations than"),
    ],
)
def test_a_slip_of_the_hand_is_told_with_its_line(tmp_path: Path, words: str, line: int, what: str) -> None:
    found, said = refused(put(tmp_path, words))
    assert found == line
    assert what in said


@pytest.mark.parametrize(
    "rule",
    ["nplurals=1; plural=n;", "nplurals=2; plural=n/0;", "nplurals=2; plural=n%200;", "nplurals=2; plural=import os;"],
)
def test_a_rule_of_plurals_that_leads_nowhere_is_refused(tmp_path: Path, rule: str) -> None:
    head = f'msgid ""\nmsgstr ""\n"Plural-Forms: {rule}\\n"\n\n'
    assert "Plural-Forms" in refused(put(tmp_path, 'msgid "a"\nmsgstr "b"\n', head))[1]


def test_a_file_in_another_encoding_is_refused_at_the_first_letter_that_shows_it(tmp_path: Path) -> None:
    line, what = refused(put(tmp_path, HEAD.encode() + b'msgid "a"\nmsgstr "Gi\xe1"\n'))
    assert (line, what) == (7, "is not UTF-8; save the file as UTF-8")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.po") == (0, "cannot be read: No such file or directory")


def test_a_mark_of_byte_order_and_the_ends_of_lines_of_windows_do_no_harm(tmp_path: Path) -> None:
    text = (HEAD + 'msgid "a"\nmsgstr "ă"\n').replace("\n", "\r\n").encode()
    assert read(put(tmp_path, b"\xef\xbb\xbf" + text)).translations.ugettext("a") == "ă"


@pytest.mark.parametrize("words", ["%(nun)s", "100%", "%s", "%d %(num)s", "%(num)d", "%(num)"])
def test_a_translation_that_would_break_a_page_is_left_out_and_told(tmp_path: Path, words: str) -> None:
    text = f'msgid "%(num)s more"\nmsgstr "{words}"\n\nmsgid "b"\nmsgstr "c"\n'
    messages = read(put(tmp_path, text))
    assert messages.done == {("", "b")}
    (fault,) = messages.faults
    assert fault.line == 6
    assert "this translation is left out" in fault.what


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet='%()snum "\\{}', max_size=12))
def test_no_translation_that_is_kept_can_fail_when_it_is_filled_in(tmp_path_factory: object, words: str) -> None:
    text = words.replace("\\", "\\\\").replace('"', '\\"')
    folder: Path = tmp_path_factory.mktemp("po")  # type: ignore[attr-defined]
    said = read(put(folder, f'msgid "%(num)s more"\nmsgstr "{text}"\n')).translations.ugettext("%(num)s more")
    assert isinstance(said % {"num": "7"}, str)


def test_what_is_doubtful_or_empty_is_not_done(tmp_path: Path) -> None:
    text = '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n\nmsgctxt "t"\nmsgid "d"\nmsgstr "e"\n'
    messages = read(put(tmp_path, text))
    assert messages.done == {("t", "d")}
    assert messages.captions == {("t", "d"): "e"}
    assert messages.translations.ugettext("a") == "a"


def test_a_file_without_a_rule_of_plurals_has_one_form(tmp_path: Path) -> None:
    text = 'msgid "%(num)s title"\nmsgid_plural "%(num)s titles"\nmsgstr[0] "%(num)s x"\n'
    translations = read(put(tmp_path, text)).translations
    assert [translations.ungettext("%(num)s title", "%(num)s titles", count) for count in (1, 2)] == ["%(num)s x"] * 2


def test_a_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    assert read(put(tmp_path, 'msgid "a"\nmsgstr "b"\n')).translations.ugettext("a") == "b"
    assert read(put(tmp_path, 'msgid "a"\nmsgstr "cc"\n')).translations.ugettext("a") == "cc"
