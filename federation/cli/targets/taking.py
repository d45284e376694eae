"""Records of other catalogues, taken over into a file: those at some places of the lists, or all that came.

In: what targets answered, places, a format. Out: a file that is there whole or not at all, or standard output; what is
missing is told on standard error. Places that are asked for come all or not at all.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from federation.cli import ending
from federation.cli.output import whole
from federation.errors import NotFound, UsageError
from federation.targets.asking import Answer
from federation.targets.formats import together, written
from federation.targets.hits import Hit
from schemas.errors import SchemaError

FORM: Final = "marcxml"
_MOST_DIGITS: Final = 6


def places(texts: Sequence[str], targets: Sequence[str]) -> list[tuple[str, int]]:
    """Read places (`3`, of one among several targets `CODE:3`); raises `UsageError`."""
    return [_place(text, targets) for text in texts]


def _place(text: str, targets: Sequence[str]) -> tuple[str, int]:
    target, colon, number = text.rpartition(":")
    if not colon and len(set(targets)) == 1:
        target = targets[0]
    counted = number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS and int(number) > 0
    if target not in targets or not counted:
        message = "must be the place of a record, such as 3; where there are several targets, CODE:3"
        raise UsageError("take", message, f"--take {text}")
    return target, int(number)


def span(taken: Sequence[tuple[str, int]]) -> tuple[int, int]:
    """Give the first of these places, and how many records it is to the last."""
    numbers = [number for _, number in taken]
    return min(numbers), max(numbers) - min(numbers) + 1


def take(answers: Sequence[Answer], taken: Sequence[tuple[str, int]], form: str, output: Path | None) -> None:
    """Write the records at these places; raises `NotFound` and `SchemaError` before anything is written."""
    by_code = {answer.target.code: answer for answer in answers}
    found = [_at(by_code[target], number) for target, number in taken]
    _deliver([written(hit, form) for hit in found], form, output)
    for (target, number), hit in zip(taken, found, strict=True):
        click.echo(f"{target}:{number}: {hit.bib.title if hit.bib else ''}", err=True)


def _at(answer: Answer, number: int) -> Hit:
    where = f"{answer.target.code}:{number}"
    hit = next((hit for hit in answer.hits if hit.position == number), None)
    if hit is None:
        told = "" if answer.total is None else f"the target has {answer.total}"
        message = f"no record was taken: {answer.message or told or 'none came'}"
        raise NotFound(answer.code or "no-such-place", message, where)
    return hit


def write_all(answers: Sequence[Answer], form: str, output: Path | None) -> int:
    """Write all records that came, say what did not, and give the exit code."""
    records, left_out = [], []
    for target, hit in [(answer.target.code, hit) for answer in answers for hit in answer.hits]:
        try:
            records.append(written(hit, form))
        except SchemaError as error:
            left_out.append(f"{target}:{hit.position}: left out: {error}")
    missing = [f"{answer.target.code}: {answer.message}" for answer in answers if answer.message]
    if code(answers) == ending.DONE:
        _deliver(records, form, output)
    click.echo("\n".join([*missing, *left_out, f"{len(records)} records written"]), err=True)
    return ending.PUT_ASIDE if left_out else code(answers)


def code(answers: Sequence[Answer]) -> int:
    """Give the exit code: failed when no target answered."""
    return ending.DONE if any(answer.status == "answered" for answer in answers) else ending.FAILED


def _deliver(records: Sequence[bytes], form: str, output: Path | None) -> None:
    content = together(records, form)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    with whole(output) as stream:
        stream.write(content)
