"""Made-up copies of the demonstration libraries: how many, under which call and register numbers.

In: the books of one library in their order. Out: fields 852 or Koha's 952. Everything follows from the id of the book,
so that two runs give the same; register numbers run on through the library. Nothing here is about readers or loans.
"""

import unicodedata
from collections.abc import Iterator
from itertools import count
from zlib import crc32

from federation.cli.demo.titles import Book
from schemas.marc.record import Field, data_field


def of_tinh(books: tuple[Book, ...]) -> list[tuple[Field, ...]]:
    """Give 852 per room, a $p for each copy: a lending stock, and for some books one copy in the reading room."""
    register = count(1)
    return [_rooms(book, register) for book in books]


def of_ducpho(books: tuple[Book, ...]) -> list[tuple[Field, ...]]:
    """Give one 852 whose $p is a range of the register, as older systems print it."""
    register = count(1)
    made: list[tuple[Field, ...]] = []
    for book in books:
        numbers = [next(register) for _ in range(_copies(book, "d", 3))]
        span = f"DP.{numbers[0]:04}" + (f"-{numbers[-1]:04}" if len(numbers) > 1 else "")
        made.append((data_field("852", "  ", ("a", "ĐP"), ("b", "Kho mở"), ("h", call_number(book)), ("p", span)),))
    return made


def of_thcs(books: tuple[Book, ...]) -> list[tuple[Field, ...]]:
    """Give one Koha 952 per copy; schools have many copies of a textbook."""
    register = count(1)
    return [tuple(_item(book, next(register)) for _ in range(_school_copies(book))) for book in books]


def call_number(book: Book) -> str:
    """Give class number and book mark: 895.9223 T452TH."""
    first, _, rest = (book.title if not book.author else book.author).partition(" ")
    mark = f"{_letters(first)[:2]}{crc32(book.title.encode()) % 900 + 100}{_letters(rest)[:2]}"
    return f"{book.ddc} {mark.upper()}"


def _rooms(book: Book, register: Iterator[int]) -> tuple[Field, ...]:
    rooms = [("Kho mượn", "VM", _copies(book, "t", 5))]
    if _copies(book, "room", 3) == 1:
        rooms.append(("Kho đọc", "VD", 1))
    return tuple(
        data_field(
            "852",
            "  ",
            ("a", "TVT"),
            ("b", room),
            ("h", book.ddc),
            ("i", call_number(book).removeprefix(f"{book.ddc} ")),
            *(("p", f"{prefix}.{next(register):06}") for _ in range(copies)),
        )
        for room, prefix, copies in rooms
    )


def _item(book: Book, number: int) -> Field:
    shelf = "Sách giáo khoa" if _textbook(book) else "Sách tham khảo"
    return data_field(
        "952",
        "  ",
        ("a", "THCS"),
        ("b", "THCS"),
        ("c", shelf),
        ("d", "2025-09-05"),
        ("o", call_number(book)),
        ("p", f"THCS{number:05}"),
        ("y", "SGK" if _textbook(book) else "STK"),
    )


def _textbook(book: Book) -> bool:
    return ("Sách giáo khoa",) in book.subjects


def _school_copies(book: Book) -> int:
    return _copies(book, "s", 6) + (4 if _textbook(book) else 0)


def _copies(book: Book, where: str, most: int) -> int:
    return crc32(f"{where}{book.id}".encode()) % most + 1


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
