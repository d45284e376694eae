"""`lienthong languages`: a librarian begins a language, sees how far it is, and is told what is wrong."""

import json
from pathlib import Path

import pytest

from federation.catalogue.captions import captions
from federation.languages.known import file_of, known
from tests.federation.cli.conftest import Lienthong, command
from tests.support.languages import plant


@pytest.fixture
def bare(tmp_path: Path) -> Lienthong:
    """A home in which nothing was made yet."""
    return command(tmp_path)


def listed(bare: Lienthong) -> dict[str, dict[str, object]]:
    ended = bare("languages", "list", "--json")
    return {row["code"]: row for row in map(json.loads, ended.text.splitlines())}


def test_the_list_says_what_is_there_and_how_complete_it_is(bare: Lienthong, tmp_path: Path) -> None:
    plant(tmp_path)
    rows = listed(bare)
    assert list(rows) == ["vi", "en", "qps"]
    assert rows["en"] == {"code": "en", "name": "English", "base": "", "pages": 100, "tables": 100}
    assert rows["qps"] == {"code": "qps", "name": "Ψευδο", "base": "vi", "pages": 100, "tables": 100}
    assert rows["vi"]["pages"] == 100
    assert "100 %" in bare("languages", "list").text


def test_a_language_is_begun_translated_and_brought_up_to_date(bare: Lienthong, tmp_path: Path) -> None:
    file = file_of(tmp_path, "hre")
    made = bare("languages", "template", "hre", "-o", file)
    assert made.code == 0, made.errors
    assert f"{file}: " in made.text
    assert listed(bare)["hre"] == {"code": "hre", "name": "hre", "base": "vi", "pages": 0, "tables": 0}
    text = file.read_text("utf-8")
    assert '#. Giỏ\nmsgid "Basket"\nmsgstr ""\n' in text
    assert '#. Bản đồ\nmsgctxt "material_types"\nmsgid "Map"\nmsgstr ""\n' in text
    translated = text.replace('msgid "Basket"\nmsgstr ""', 'msgid "Basket"\nmsgstr "Giỏ hre"')
    file.write_text(translated + '\nmsgid "Said no more"\nmsgstr "x"\n', "utf-8")
    again = bare("languages", "template", "hre").text
    assert 'msgid "Basket"\nmsgstr "Giỏ hre"\n' in again
    assert '#~ msgid "Said no more"\n' in again
    assert known(tmp_path).known["hre"].translations.ugettext("Basket") == "Giỏ hre"


def test_the_template_has_every_caption_once_and_says_of_each_what_it_is_in_vietnamese(bare: Lienthong) -> None:
    text = bare("languages", "template", "bdq").text
    assert len({(each.table, each.en) for each in captions()}) == len(captions())
    for each in captions():
        assert f'msgctxt "{each.table}"\n' in text
    assert '#. Lớp %(num)s\n#, python-format\nmsgctxt "grades"\nmsgid "Grade %(num)s"\n' in text
    assert '"Plural-Forms: nplurals=1; plural=0;\\n"' in text


def test_a_fault_is_told_with_file_and_line_and_nothing_is_written_over(bare: Lienthong, tmp_path: Path) -> None:
    file = file_of(tmp_path, "hre")
    file.parent.mkdir(parents=True)
    file.write_text('msgid ""\nmsgstr ""\n\nmsgid "Basket"\nmsgstr "Giỏ "x""\n', "utf-8")
    ended = bare("languages", "list")
    assert ended.code == 1
    assert f"{file}, line 5: " in ended.errors
    assert "vi" in ended.text
    refused = bare("languages", "template", "hre", "-o", file)
    assert refused.code == 2
    assert f"{file}, line 5: " in refused.errors
    assert "nothing was written" in refused.errors
    assert file.read_text("utf-8").endswith('"x""\n')


@pytest.mark.parametrize("code", ["Hrê", "../etc", "HRE", "h", ""])
def test_what_is_no_code_is_refused(bare: Lienthong, code: str) -> None:
    ended = bare("languages", "template", code)
    assert ended.code == 2
    assert "must be a code of ISO 639" in ended.errors
