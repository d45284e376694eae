"""Commands about the languages of the pages: which there are and how complete, and the file to begin another with.

In: the package's languages and those of the home. Out: a table; a `.po` file. Nothing else of the catalogue is needed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from federation import config
from federation.catalogue.captions import captions
from federation.cli import ending
from federation.cli.context import say, say_json, table
from federation.cli.output import whole
from federation.errors import UsageError
from federation.languages import template as templates
from federation.languages.known import FILE, SHIPPED, file_of, is_code, known
from federation.languages.language import COLUMNS, Caption, Language
from federation.languages.making import HOUSE
from federation.languages.messages import Key, Unreadable, parsed, read

#: the language that the originals are written in
ORIGINAL: Final = "en"


@click.group()
def languages() -> None:
    """The languages of the pages; a folder in the home is one more."""


@languages.command("list")
@click.option("--json", "as_json", is_flag=True, help="as JSON, one language a line")
def list_all(as_json: bool) -> None:
    """List the languages, and how much of each is translated.

    `pages`: words of the pages; `tables`: captions of materials, languages, classes and the like. Faults of files are
    told with their lines; exit 1 when there is one.
    """
    found = known(config.read().home)
    words, said = read(SHIPPED / HOUSE / FILE).done, captions()
    rows = [_told(each, words, said) for each in found]
    if as_json:
        for row in rows:
            say_json(row)
    else:
        table([{**row, "pages": f"{row['pages']} %", "tables": f"{row['tables']} %"} for row in rows], *rows[0])
    for fault in found.faults:
        click.echo(str(fault), err=True)
    ending.leave(ending.FAILED if found.faults else ending.DONE)


@languages.command()
@click.argument("code")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="a file; otherwise standard output"
)
def template(code: str, output: Path | None) -> None:
    """Write the file in which a language is translated.

    CODE is that of ISO 639: hre for Hrê, bdq for Ba Na. What is translated already, in the file or else in the home,
    stays: after an update of the software the same command adds what is new.
    """
    if not is_code(code):
        raise UsageError("language-code", "must be a code of ISO 639, such as hre, with a region or none: pt-BR", code)
    stands = file_of(config.read().home, code)
    before = next((file for file in (output, stands) if file and file.is_file()), None)
    try:
        kept = parsed(before) if before else None
    except Unreadable as error:
        raise UsageError("translations", f"{error.fault.what}; nothing was written", _where(error)) from error
    content = templates.template(code, parsed(SHIPPED / HOUSE / FILE), captions(), kept)
    if output is None:
        click.echo(content, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with whole(output) as stream:
        stream.write(content)
    say(f"{output}: {len(captions()) + len(read(SHIPPED / HOUSE / FILE).done)} texts")


def _where(error: Unreadable) -> str:
    return f"{error.fault.file}, line {error.fault.line}" if error.fault.line else str(error.fault.file)


def _told(language: Language, words: frozenset[Key], said: tuple[Caption, ...]) -> Mapping[str, Any]:
    translated = len(words) if language.code == ORIGINAL else len(words & language.done)
    captioned = sum((each.table, each.en) in language.captions or _in_column(language, each) for each in said)
    return {
        "code": language.code,
        "name": language.name,
        "base": language.base.code if language.base else "",
        "pages": _percent(translated, len(words)),
        "tables": _percent(captioned, len(said)),
    }


def _in_column(language: Language, caption: Caption) -> bool:
    return language.code in COLUMNS and bool(caption.en if language.code == ORIGINAL else caption.vi)


def _percent(part: int, whole: int) -> int:
    # Rounded down: 100 means that nothing is missing.
    return part * 100 // whole
