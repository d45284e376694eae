"""The pages say what the code does: tables are up to date, links lead somewhere, and command lines can be typed."""

import re
import shlex
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from federation import config
from federation.catalogue.formats import FORMATS
from federation.catalogue.sets import FAMILIES
from federation.cli import cli, ending
from federation.cli.sources.command import KINDS
from federation.pipeline.runs import harvest
from harvesters import known_options
from harvesters.quirks import QUIRKS
from schemas.issues import CODES
from schemas.query.access_points import access_points
from tests.house import reference
from tests.house.reference import REFERENCE, ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDS = (
    *("member", "source", "run", "window", "raw record", "bib", "issue", "match key", "verdict", "cluster"),
    *("union record", "holding", "tombstone", "access point", "format", "door"),
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(lienthong [^`]+)`")
STARTS = re.compile(r"^(?:\$ )?((?:[A-Z_0-9]+=\S+ +)*)(?:\S*/)?lienthong(?= |$)")


def shown(page: Path) -> str:
    return str(page.relative_to(ROOT))


def said(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def undocumented(page: str, names: Iterator[str] | list[str]) -> list[str]:
    text = said(page)
    return [name for name in names if f"`{name}`" not in text]


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", reference.pages(), ids=shown)
def test_the_tables_of_a_page_are_up_to_date(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text == reference.rendered(text), "run `make docs`"


def test_every_table_that_can_be_made_stands_on_exactly_one_page() -> None:
    standing = [name for page in reference.pages() for name in reference.blocks(page.read_text("utf-8"))]
    assert sorted(standing) == sorted(reference.TABLES)


def test_every_command_and_option_is_documented_with_its_meaning() -> None:
    text = said("commands.md")
    for path, command in reference.commands():
        section = text.partition(f"### {path}\n")[2].partition("\n### ")[0]
        assert section, path
        assert command.help, f"{path} does not say what it does"
        options = [each for each in command.params if isinstance(each, click.Option)]
        assert not [f"{path} {name}" for each in options for name in each.opts if name not in section]


def test_every_setting_is_documented() -> None:
    assert not undocumented("settings.md", [setting.name for setting in config.SETTINGS])


def test_every_issue_code_is_documented_in_both_languages() -> None:
    text = said("issues.md")
    assert not [code for code, (_, en, vi) in CODES.items() if not (f"`{code}`" in text and en in text and vi in text)]


def test_every_access_point_and_each_of_its_names_is_documented() -> None:
    text = said("access-points.md")
    points = access_points()
    assert not undocumented("access-points.md", [point.name for point in points])
    names = [name for point in points for name in (*point.cql, *(f"{prefix}:" for prefix in point.prefixes))]
    assert not [name for name in names if f"`{name}`" not in text]


def test_every_format_is_documented() -> None:
    assert not undocumented("formats.md", [form.name for form in FORMATS])
    assert not undocumented("formats.md", [form.prefix for form in FORMATS if form.prefix])


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_source_is_documented(kind: str) -> None:
    options = [*harvest.OPTIONS, *known_options(kind)]
    assert not undocumented("sources.md", [option.name for option in options])


def test_every_quirk_of_servers_is_documented() -> None:
    assert not undocumented("sources.md", [quirk.name for quirk in QUIRKS])


def test_every_table_of_the_database_is_documented_with_its_columns() -> None:
    text = said("tables.md")
    for model in reference.table_classes():
        section = text.partition(f"### {model.__tablename__}\n")[2].partition("\n### ")[0]
        assert model.__doc__, model
        assert not [column.name for column in model.__table__.columns if f"`{column.name}`" not in section]


def test_every_exit_code_is_documented() -> None:
    codes = (ending.DONE, ending.FAILED, ending.USAGE, ending.PUT_ASIDE)
    assert not undocumented("commands.md", [str(code) for code in codes])


def test_every_family_of_sets_is_documented() -> None:
    assert not undocumented("oai-pmh.md", [f"{family}:CODE" for family in FAMILIES])


def test_the_glossary_has_every_word_of_the_house() -> None:
    first = [line.split("|")[1].strip() for line in said("glossary.md").splitlines() if line.startswith("| ")]
    assert not set(WORDS) - set(first)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_readme_opens_with_the_two_commands() -> None:
    first = FENCE.search((ROOT / "README.md").read_text("utf-8"))
    assert first is not None
    assert [line.split("#")[0].strip() for line in first[2].splitlines()] == ["make demo", "make test"]
    assert first.start() < 400


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_letters_are_composed(page: Path) -> None:
    assert unicodedata.is_normalized("NFC", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), f"{shown(page)}: {target}"
        assert not anchor or anchor in anchors(file), f"{shown(page)}: {target}"


def test_every_page_of_docs_is_reached_from_its_table_of_contents() -> None:
    contents = ROOT / "docs" / "README.md"
    linked = {(contents.parent / target).resolve() for target in LINK.findall(contents.read_text("utf-8"))}
    assert not [shown(page) for page in contents.parent.rglob("*.md") if page != contents and page not in linked]


# --- command lines ----------------------------------------------------------------------------------------------------


def typed(text: str) -> Iterator[str]:
    """Yield the command lines of shell blocks, whole, without what follows a pipe or stands before the command."""
    for language, block in FENCE.findall(text):
        if language not in ("sh", "console"):
            continue
        for line in block.replace("\\\n", " ").splitlines():
            if found := STARTS.match(line.strip()):
                yield re.split(r"\s(?:\||>|>>|&&|;|&)(?:\s|$)", line.strip()[found.end() :])[0]


def fault(line: str, whole: bool) -> str:
    """Say what is wrong with a command line; `whole`: everything it needs must be there."""
    words = shlex.split(line, comments=True)
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command, **cli.context_settings), words.pop(0))
        if found is None:
            return "no such command"
        command = found
    try:
        values, left, _ = command.make_parser(click.Context(command, **cli.context_settings)).parse_args(words)
    except click.UsageError as error:
        return str(error.format_message())
    if left:
        return f"too much: {left}"
    missing = [
        each.name for each in command.params if whole and each.required and not given(values.get(each.name or ""))
    ]
    wrong = [
        f"{each.name}: {values[each.name]}"
        for each in command.params
        if isinstance(each.type, click.Choice) and isinstance(values.get(each.name or ""), str)
        if values[each.name] not in each.type.choices  # type: ignore[index]
    ]
    return f"missing {missing}, wrong {wrong}" if missing or wrong else ""


def given(value: object) -> bool:
    return isinstance(value, str | bool | list | tuple) and value not in ("", (), [])


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_command_line_can_be_typed(page: Path) -> None:
    text = page.read_text("utf-8")
    wrong = {line: found for line in typed(text) if (found := fault(line, whole=True))}
    mentioned = (line.removeprefix("lienthong ") for line in INLINE.findall(FENCE.sub("", text)) if "…" not in line)
    wrong |= {line: found for line in mentioned if (found := fault(line, whole=False))}
    assert not wrong


def test_the_tutorial_gives_the_same_commands_in_both_languages() -> None:
    folder = ROOT / "docs" / "tutorial"
    english, vietnamese = (
        [block for language, block in FENCE.findall((folder / name).read_text("utf-8")) if language == "sh"]
        for name in ("first-catalogue.md", "muc-luc-dau-tien.md")
    )
    assert english == vietnamese


@pytest.mark.parametrize(
    "line", ["harvst run x", "harvest run", "harvest run x --fast", "members add a b --name c", "export --format pdf"]
)
def test_a_command_line_that_cannot_be_typed_is_noticed(line: str) -> None:
    assert fault(line, whole=True)


@pytest.mark.parametrize("line", ["harvest run x --dry-run 5", "import thcs a.mrc b.mrc --complete", "status --json"])
def test_a_command_line_that_can_be_typed_is_accepted(line: str) -> None:
    assert not fault(line, whole=True)
