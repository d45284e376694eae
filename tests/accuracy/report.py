"""The figures as tables: on the terminal, and on the page of the documentation.

In: figures as JSON has them (`baseline.plain`). Out: text. Both places show the same tables, so that the page says
what the tool says.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.accuracy.figures import Figures
from tests.accuracy.peers import PEERS

PAGE: Final = Path(__file__).parent.parent.parent / "docs" / "reference" / "accuracy.md"
_BLOCK: Final = re.compile(r"(<!-- accuracy -->\n).*?(<!-- end of accuracy -->)", re.DOTALL)
_FIGURES: Final = (
    *("set", "pairs", "duplicates", "found", "precision", "recall", "F", "false merges", "false relations"),
    *("related", "doubted", "as given: precision", "recall"),
)
_TOTAL: Final = "all but those for information"
Lines = Sequence[Sequence[str]]


def figures(kept: Mapping[str, Any]) -> Lines:
    """Give the table of figures, with a last line over all sets that are held."""
    return [_FIGURES, *(_line(name, one) for name, one in _with_total(kept))]


def _with_total(kept: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    held = [one for one in kept["sets"].values() if one["held"]]
    for name, one in kept["sets"].items():
        yield (name if one["held"] else f"{name} (for information)"), one
    if held:
        yield (
            _TOTAL,
            {
                **{part: _sum(one[part] for one in held) for part in ("figures", "as_given")},
                "doubts": [doubt for one in held for doubt in one["doubts"]],
                "peers": {peer: _sum(one["peers"][peer] for one in held) for peer in held[0]["peers"]},
            },
        )


def _sum(kept: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return sum(map(Figures.of, kept), Figures()).plain()


def _line(name: str, one: Mapping[str, Any]) -> list[str]:
    now, given = one["figures"], one["as_given"]
    counts = [str(now[name]) for name in ("pairs", "duplicates", "found")]
    shares = [_share(now[name]) for name in ("precision", "recall", "f")]
    wrong = [str(now[name]) for name in ("false_merges", "false_relations", "related")]
    return [
        name,
        *counts,
        *shares,
        *wrong,
        str(len(one["doubts"])),
        _share(given["precision"]),
        _share(given["recall"]),
    ]


def comparison(kept: Mapping[str, Any]) -> Lines:
    """Give precision / recall / F by our rules and by those of others, and how far ours are ahead of the best."""
    lines = []
    for name, one in _with_total(kept):
        others = [one["peers"][peer] for peer in PEERS]
        ahead = one["figures"]["f"] - max(other["f"] for other in others)
        lines.append([name, *map(_three, (one["figures"], *others)), f"{ahead:+.3f}"])
    return [["set", "Lienthong", *PEERS, "F, ours − best other"], *lines]


def failures(kept: Mapping[str, Any]) -> Lines:
    """Give what failures lie at, per set."""
    lines = [[name, what, str(count)] for name, one in kept["sets"].items() for what, count in one["failures"].items()]
    return [["set", "failure", "pairs"], *lines]


def kinds(kept: Mapping[str, Any]) -> Lines:
    """Give for each class of pairs how many are right."""
    lines = [
        [name, kind, str(right), str(of)]
        for name, one in kept["sets"].items()
        for kind, (right, of) in one["kinds"].items()
    ]
    return [["set", "class", "right", "of"], *lines]


def doubted(kept: Mapping[str, Any]) -> Lines:
    """Count the labels that are doubted; `wrong_labels.tsv` has each with its reason."""
    doubts = Counter(
        (name, doubt["label"], doubt["right"]) for name, one in kept["sets"].items() for doubt in one["doubts"]
    )
    return [["set", "label", "right", "pairs"], *([*what, str(count)] for what, count in doubts.items())]


TABLES: Final[Mapping[str, Callable[[Mapping[str, Any]], Lines]]] = {
    "Figures": figures,
    "Beside other rules (precision / recall / F)": comparison,
    "Right per class": kinds,
    "Failures": failures,
    "Labels doubted": doubted,
}


def _share(value: float) -> str:
    return f"{value:.3f}"


def _three(figures: Mapping[str, Any]) -> str:
    return " / ".join(_share(figures[name]) for name in ("precision", "recall", "f"))


def text(kept: Mapping[str, Any]) -> str:
    """Write all tables in columns."""
    return "\n".join(f"{title}\n\n{_columns(table(kept))}\n" for title, table in TABLES.items())


def _columns(lines: Lines) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def markdown(kept: Mapping[str, Any]) -> str:
    """Write all tables for a page."""
    return "\n\n".join(_sections(kept))


def _sections(kept: Mapping[str, Any]) -> Iterator[str]:
    yield f"Measured with version {kept['rules']} of the rules."
    for title, table in TABLES.items():
        head, *lines = table(kept)
        yield f"### {title}"
        yield _grid([head, ["---"] * len(head), *lines]) if lines else "None."


def _grid(lines: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def rendered(page: str, kept: Mapping[str, Any]) -> str:
    """Give a page with its tables made anew."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{markdown(kept)}\n\n{found[2]}", page)
