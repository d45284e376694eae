"""The house rules on size and names, measured on the code itself (functions, modules, arguments, words)."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("federation", "harvesters", "schemas")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "processor", "data", "info"}
#: functions that may be longer or take more, each with its reason
EXCEPTIONS: dict[str, str] = {}
MOST_LINES, NINTH_LINES, MEDIAN_LINES = 60, 30, 9
MOST_MODULE, MEDIAN_MODULE = 500, 130
MOST_ARGUMENTS = 6


def modules() -> list[Path]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in files if "versions" not in path.parts and path.read_text().strip()]


def functions() -> Iterator[tuple[str, int, int]]:
    """Yield name, lines and arguments of every function."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                own = [argument for argument in arguments if argument.arg not in ("self", "cls")]
                # A command's arguments are what a person types: click hands them over one by one.
                typed = any("command" in ast.unparse(decorator) for decorator in node.decorator_list)
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{path.relative_to(ROOT)}:{node.name}", lines, 0 if typed else len(own)


def test_functions_are_short() -> None:
    sizes = sorted(lines for _, lines, _ in functions())
    median, ninth = statistics.median(sizes), sizes[int(len(sizes) * 0.9)]
    print(f"\n{len(sizes)} functions: median {median:.0f} lines, 90th percentile {ninth}, longest {sizes[-1]}")
    too_long = [name for name, lines, _ in functions() if lines > MOST_LINES and name not in EXCEPTIONS]
    assert not too_long
    assert median <= MEDIAN_LINES
    assert ninth <= NINTH_LINES


def test_functions_take_few_arguments() -> None:
    crowded = {name: count for name, _, count in functions() if count > MOST_ARGUMENTS and name not in EXCEPTIONS}
    assert not crowded


def test_modules_are_small() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    median = statistics.median(sizes.values())
    print(f"\n{len(sizes)} modules: median {median:.0f} lines, longest {max(sizes.values())}")
    assert not {name: lines for name, lines in sizes.items() if lines > MOST_MODULE}
    assert median <= MEDIAN_MODULE


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "a module opens with what it is for"


def test_no_module_or_class_has_an_empty_name() -> None:
    names = {path.stem for path in modules()} | {path.parent.name for path in modules()}
    classes = {
        node.name.lower()
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }
    assert not (names | classes) & FORBIDDEN_NAMES


def test_no_state_is_kept_in_modules() -> None:
    """A module-level name that a function rebinds is state that two tests, or two threads, would share."""
    rebound = [
        f"{path.relative_to(ROOT)}: {', '.join(node.names)}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Global)
    ]
    assert not rebound


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of one machine stands in the tree."""
    texts = [path for path in ROOT.rglob("*") if path.suffix in {".py", ".md", ".cfg", ".toml", ".html", ".tsv"}]
    own = [path for path in texts if ".venv" not in path.parts and path != Path(__file__)]
    assert not [str(path) for path in own if "/wo" + "rk/" in path.read_text("utf-8", "replace")]
