"""What real sources do wrong, and which tests show what we do about it: the table of `docs/reference/pathologies.md`.

In: the rows below, in our words, and the marks `@pytest.mark.pathology(NUMBER, "what we do")` of all tests, read from
their text without importing them. Out: a Markdown table; a row that no test shows is listed as open.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
MARK: Final = "pytest.mark.pathology"
#: characters of an answer: one short sentence
LONGEST: Final = 160
OPEN: Final = "*open*"

ROWS: Final[dict[int, str]] = {
    1: "The resumption token comes again and again, or new tokens lead to the same records: a list without end",
    2: "Pages with a token and no records",
    3: "A token on the last page; whoever follows it gets an error",
    4: "The last page has an empty token, which looks like a new beginning",
    5: "A token expires while the list is read, some after a minute",
    6: "A token with `:` or `/` in it is misread by its own server, and set or dates are forgotten from then on",
    7: "The server wants metadataPrefix beside the token, against the protocol, or refuses it",
    8: "The granularity that Identify declares is not the one that requests may use",
    9: "Datestamps are days: what changes later on the day of a harvest looks old already",
    10: "The server's clock is wrong, or its local time is called UTC",
    11: "A record's datestamp stays when only its copies changed",
    12: "earliestDatestamp is missing, empty, or today",
    13: "Deletions are not told at all, or only for a while",
    14: "Deletions are promised for ever and lost all the same, or an id is used again for another book",
    15: "The source is empty or half empty for a day while it is rebuilt",
    16: "A first harvest begins with thousands of deletions of records we never had",
    17: "All identifiers change at once: another prefix, another system",
    18: "Two records of one source carry the same number or the same identifier",
    19: "Control characters and half characters that XML forbids",
    20: "HTML entities such as `&nbsp;`, and a bare `&`",
    21: "A page is cut, and a forgiving parser takes what is left for all there is",
    22: "The bytes are in another encoding than they say, or encoded twice; the leader lies about it",
    23: "Vietnamese letters are decomposed; the tone mark stands on the other vowel (hòa, hoà)",
    24: "ISO 2709 with a wrong directory, wrong lengths, over 99,999 bytes, or tags that are none",
    25: 'MARCXML in no namespace or a wrong one, with tags such as `" 24"` or empty subfield codes',
    26: "MARCXML goes by any name: marcxml, marc21, MARC21, marc, oai_marc",
    27: "Compression that is not announced, or an answer that is cut in the middle",
    28: "503, 429 or 500 when too much is asked, with or without Retry-After",
    29: "An HTML page with status 200: a login, an error, the portal of a hotel",
    30: "A page takes minutes, and what stands between forgets the connection meanwhile",
    31: "A certificate that has expired or that the school made itself",
    32: "One record is in several sets, or the set's name is part of its identifier",
    33: "A source gives our own records back to us, or those of a sibling",
    34: "completeListSize is wrong, or changes from page to page",
    35: "noRecordsMatch, because nothing has changed",
    36: "The harvester dies in the middle of a page",
    37: "A target of SRU or Z39.50 caps its results: of a million records a thousand can be had",
    38: "numberOfRecords of SRU differs from page to page; nextRecordPosition is missing or wrong; pages repeat",
}


@dataclass(frozen=True)
class Shown:
    """A test that shows what we do about a row."""

    number: int
    answer: str
    test: str
    file: Path
    line: int


def shown(folder: Path = ROOT / "tests") -> list[Shown]:
    """Give every mark of every test, in the order of files; raises `ValueError` naming one that cannot be read."""
    files = sorted(path for path in folder.rglob("*.py") if MARK in path.read_text("utf-8"))
    return [one for file in files if file != Path(__file__) for one in _of_file(file)]


def _of_file(file: Path) -> Iterator[Shown]:
    tree = ast.parse(file.read_text("utf-8"))
    marks = {id(call): call for call in _marks(tree)}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name.startswith("test_"):
            for decorator in function.decorator_list:
                for call in _marks(decorator):
                    marks.pop(id(call))
                    number, answer = _said(call, file)
                    yield Shown(number, answer, function.name, file, call.lineno)
    if marks:
        lost = min(call.lineno for call in marks.values())
        raise ValueError(f"{file}:{lost}: {MARK} stands above no test")


def _marks(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == MARK]


def _said(call: ast.Call, file: Path) -> tuple[int, str]:
    values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    match values:
        case [int(number), str(answer)] if len(call.args) == 2 and not call.keywords and number in ROWS:
            if 0 < len(answer) <= LONGEST and "\n" not in answer:
                return number, answer
    rule = f"write {MARK}(NUMBER, ANSWER), NUMBER one of 1 to {max(ROWS)}, ANSWER at most {LONGEST} characters"
    raise ValueError(f"{file}:{call.lineno}: {rule}")


def table_rows(found: list[Shown]) -> list[tuple[str, str, str, str]]:
    """Give for each row: number, what sources do, what we do, and the tests that show it as links."""
    return [
        (str(number), said, *_answered([one for one in found if one.number == number])) for number, said in ROWS.items()
    ]


def _answered(mine: list[Shown]) -> tuple[str, str]:
    if not mine:
        return OPEN, ""
    answers = dict.fromkeys(one.answer.rstrip(".") for one in mine)
    tests = dict.fromkeys((one.test, one.file.relative_to(ROOT).as_posix()) for one in mine)
    return "; ".join(answers), ", ".join(f"[{test}](../../{file})" for test, file in tests)
