"""MARC records to test with: small, Vietnamese, and different from each other in a known way.

In: a number. Out: MARC records, files of them in ISO 2709 and MARCXML. Titles are made of common words; nothing is
copied from anybody.
"""

from collections.abc import Iterable
from pathlib import Path

from schemas.marc import write
from schemas.marc.record import Field, MarcRecord, data_field

_WORDS = (
    *("sông", "núi", "biển", "trời", "làng", "quê", "mùa", "lúa", "đồng", "ruộng", "mẹ", "con", "trăng"),
    *("nắng", "gió", "mưa", "đường", "phố", "học", "trò", "chữ", "sách"),
)
_NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoà", "Phạm Đức Thuý", "Hoàng Kỳ", "Võ Lý Sơn")


def isbn(number: int) -> str:
    """Give a valid ISBN-13 for a number below a million."""
    body = f"978604{number:06d}"
    check = -sum(int(digit) * (1, 3)[i % 2] for i, digit in enumerate(body)) % 10
    return f"{body}{check}"


def record(number: int, **changes: str) -> MarcRecord:
    """Make a book. `changes`: title, isbn, year, location, local_id."""
    words = [_WORDS[(number * step + step) % len(_WORDS)] for step in (1, 3, 7)]
    title = changes.get("title") or f"{' '.join(words).capitalize()} {number}"
    year = changes.get("year") or str(1980 + number % 45)
    return MarcRecord(
        "00000nam a2200000   4500",
        (
            Field("001", changes.get("local_id") or f"t{number:06d}"),
            Field("008", f"200101s{year}    vm            000 0 vie d"),
            data_field("020", "  ", ("a", changes.get("isbn", isbn(number)))),
            data_field("100", "1 ", ("a", _NAMES[number % len(_NAMES)])),
            data_field("245", "10", ("a", title), ("c", _NAMES[number % len(_NAMES)])),
            data_field("260", "  ", ("a", "Hà Nội :"), ("b", "Kim Đồng,"), ("c", year)),
            data_field("300", "  ", ("a", f"{90 + number % 300} tr. ;"), ("c", "21 cm")),
            data_field("650", " 4", ("a", "Văn học Việt Nam")),
            data_field("852", "  ", ("b", changes.get("location", "Kho mở")), ("h", f"895.922 {number}")),
        ),
    )


def iso2709(path: Path, records: Iterable[MarcRecord]) -> Path:
    """Write a file of ISO 2709 records."""
    path.write_bytes(b"".join(write.marc(one) for one in records))
    return path


def marcxml(path: Path, records: Iterable[MarcRecord]) -> Path:
    """Write a MARCXML collection."""
    body = "".join(write.marcxml(one) for one in records)
    path.write_text(f'<collection xmlns="http://www.loc.gov/MARC21/slim">{body}</collection>', "utf-8")
    return path
