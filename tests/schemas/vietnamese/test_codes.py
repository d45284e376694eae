"""The tables of the old encodings say what the standards and other programs say."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from schemas.vietnamese import codes
from tests.support.peers import missing

COLUMNS = {
    codes.TCVN3: ("tcvn5712-1 (glibc iconv)", "tcvn5712-1 (recode)", "tcvn3 (npm)"),
    codes.VISCII: ("viscii (glibc iconv)", "viscii (recode)"),
    codes.VNI: ("vni-windows (2 of 3)",),
    codes.CP1258: ("cp1258 (glibc iconv)",),
}


def letters(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "vietnamese-encodings" / "letters.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("encoding", codes.NAMES)
def test_every_letter_is_read_as_other_programs_write_it(shared_data: Path, encoding: str) -> None:
    wrong = [
        (row["letter"], column, read)
        for row in letters(shared_data)
        for column in COLUMNS[encoding]
        if row[column] != "-"
        # A font of capitals has no codes of its own: its letters are told by the letters beside them.
        if not (column == "tcvn3 (npm)" and row["letter"].isupper())
        if (read := codes.decode(bytes.fromhex(row[column]).decode("latin-1"), encoding)) != row["letter"]
    ]
    assert not wrong


@pytest.mark.parametrize(("encoding", "name"), [(codes.TCVN3, "TCVN5712-1"), (codes.VISCII, "VISCII")])
def test_every_byte_is_read_as_iconv_reads_it(encoding: str, name: str) -> None:
    program = shutil.which("iconv")
    if program is None:
        missing("iconv is not installed")
    for byte in (*range(1, 9), *range(0x11, 0x1A), *range(0x80, 0x100)):
        done = subprocess.run(
            [str(program), "-f", name, "-t", "UTF-8"], input=bytes([byte]), capture_output=True, check=False
        )
        if done.returncode == 0:
            assert codes.decode(chr(byte), encoding) == done.stdout.decode(), hex(byte)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("VIÖT", "VIỆT"),
        ("viÖt", "việt"),
        ("ViÖt", "Việt"),
        ("¸nh", "ánh"),
        ("§¶ng", "Đảng"),
        ("Aµ", "À"),
        ("a\xb0", "à"),
    ],
)
def test_capitals_of_tcvn3_are_told_by_the_letters_beside_them(word: str, meant: str) -> None:
    assert codes.decode(word, codes.TCVN3) == meant


@pytest.mark.parametrize(
    ("word", "meant"), [("Vieät", "Việt"), ("VIEÄT", "VIỆT"), ("VIEät", "VIỆt"), ("ñöôøng", "đường")]
)
def test_marks_of_vni_belong_to_their_letter_in_either_case(word: str, meant: str) -> None:
    assert codes.decode(word, codes.VNI) == meant


def test_what_windows_shows_for_a_byte_is_that_byte() -> None:
    every = bytes(range(0x80, 0x100)).decode("cp1252", "ignore")
    assert codes.bytewise(every) == "".join(map(chr, every.encode("cp1252")))
    assert codes.shown(codes.bytewise(every)) == every
    assert codes.bytewise("ế và ữ") == "ế và ữ"
