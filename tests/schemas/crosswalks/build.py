"""MARC records built by hand: one field a line, `245 10 $aTitle :$brest`, `008 text`; `_` is a blank indicator."""

from schemas.bib import Bib
from schemas.crosswalks.marc21_bib import bib
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, data_field


def form008(date: str = "s2009    ", country: str = "vm ", language: str = "vie", form: str = " ") -> str:
    """Give an 008 of 40 characters for a book."""
    return f"100101{date}{country}     {form}           {language}  "


def field(line: str) -> Field:
    """Read one field as people write it."""
    if line.startswith("00"):
        return Field(line[:3], line[4:])
    tag, indicators, text = line[:3], line[4:6].replace("_", " "), line[7:]
    return data_field(tag, indicators, *((part[0], part[1:]) for part in text.split("$")[1:]))


def record(*lines: str, leader: str = BLANK_LEADER) -> MarcRecord:
    """Give a record of these fields, 245 added when none is there."""
    fields = tuple(field(line) for line in lines)
    if not any(one.tag == "245" for one in fields):
        fields += (field("245 00 $aNhan đề"),)
    return MarcRecord(leader, fields)


def read(*lines: str, leader: str = BLANK_LEADER) -> Bib:
    """Give the Bib of a record of these fields."""
    return bib(record(*lines, leader=leader))[0]
