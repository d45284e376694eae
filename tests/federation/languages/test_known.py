"""Which languages there are, what each says of itself, and what it falls back to."""

from datetime import date
from pathlib import Path

from federation.languages.known import SHIPPED, file_of, known

DAY = date(2026, 11, 2)
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'


def put(home: Path, code: str, *said: tuple[str, str, str]) -> None:
    """Put a language into a home: contexts, originals, translations."""
    file = file_of(home, code)
    file.parent.mkdir(parents=True)
    texts = (
        (f'msgctxt "{table}"\n' if table else "") + f'msgid "{en}"\nmsgstr "{words}"\n\n' for table, en, words in said
    )
    file.write_text(HEAD + "".join(texts), "utf-8")


def test_the_languages_of_the_package_are_its_folders_and_that_of_the_house_is_the_first() -> None:
    codes = [language.code for language in known()]
    assert codes[0] == "vi"
    assert set(codes) == {folder.name for folder in SHIPPED.iterdir() if folder.is_dir()}
    assert not known().faults


def test_a_language_says_its_own_name_and_never_that_of_another(tmp_path: Path) -> None:
    put(tmp_path, "hre", ("itself", "English", "Hrê"), ("itself", "EN", "HR"))
    put(tmp_path, "bdq")
    put(tmp_path, "km")
    found = known(tmp_path).known
    assert [(found[code].name, found[code].short) for code in ("vi", "en", "hre", "bdq", "km")] == [
        ("Tiếng Việt", "VI"),
        ("English", "EN"),
        ("Hrê", "HR"),
        ("bdq", "BDQ"),
        ("ខ្មែរ", "KM"),
    ]


def test_numbers_and_days_are_those_of_cldr_or_else_of_the_base(tmp_path: Path) -> None:
    put(tmp_path, "hre")
    put(tmp_path, "fr")
    put(tmp_path, "hi")
    put(tmp_path, "sed", ("itself", "en", "en"))
    put(tmp_path, "cua", ("itself", "d MMMM yyyy", "yyyy-MM-dd"))
    put(tmp_path, "bdq", ("itself", "d MMMM yyyy", "ngày nào?"))
    found = known(tmp_path).known
    written = {code: (found[code].number(1234567), found[code].day(DAY)) for code in found}
    assert written == {
        "vi": ("1.234.567", "02/11/2026"),
        "en": ("1,234,567", "2 November 2026"),
        "hre": ("1.234.567", "02/11/2026"),
        "fr": ("1\u202f234\u202f567", "2 novembre 2026"),
        "hi": ("12,34,567", "2 नवंबर 2026"),
        "sed": ("1,234,567", "2 November 2026"),
        "cua": ("1.234.567", "2026-11-02"),
        "bdq": ("1.234.567", "02/11/2026"),
    }


def test_what_is_missing_is_said_as_the_base_says_it(tmp_path: Path) -> None:
    put(tmp_path, "hre", ("", "Basket", "Giỏ hre"), ("material_types", "Map", "Hre map"))
    put(tmp_path, "cua", ("itself", "en", "hre"), ("levels", "Province", "Cua province"))
    put(tmp_path, "sed", ("itself", "en", "en"))
    found = known(tmp_path).known
    cua, sed = found["cua"], found["sed"]
    said = cua.translations
    assert [said.ugettext(text) for text in ("Basket", "Browse", "nowhere")] == ["Giỏ hre", "Duyệt", "nowhere"]
    assert said.ungettext("%(num)s title", "%(num)s titles", 5) == "%(num)s nhan đề"
    assert [cua.called("levels", "province"), cua.called("material_types", "map")] == ["Cua province", "Hre map"]
    assert [cua.called("material_types", "book"), cua.called("material_types", "zzz")] == ["Sách", "zzz"]
    assert (sed.translations.ugettext("Basket"), sed.called("material_types", "book")) == ("Basket", "Book")
    assert sed.translations.ungettext("%(num)s title", "%(num)s titles", 1) == "%(num)s title"


def test_a_caption_without_vietnamese_is_english_rather_than_nothing() -> None:
    vietnamese = known().known["vi"]
    assert vietnamese.called("countries", "abc") == "Alberta"
    assert vietnamese.caption("own", "Của tôi", "") == "Của tôi"
    assert known().known["en"].caption("own", "Của tôi", "") == "Của tôi"


def test_a_home_may_change_single_words_of_a_shipped_language(tmp_path: Path) -> None:
    put(tmp_path, "vi", ("", "Basket", "Làn"), ("material_types", "Book", "Quyển sách"))
    vietnamese = known(tmp_path).known["vi"]
    assert [vietnamese.translations.ugettext(text) for text in ("Basket", "Browse")] == ["Làn", "Duyệt"]
    assert [vietnamese.called("material_types", code) for code in ("book", "map")] == ["Quyển sách", "Bản đồ"]
    assert known().known["vi"].translations.ugettext("Basket") == "Giỏ"
    file_of(tmp_path, "vi").write_text("broken", "utf-8")
    assert known(tmp_path).known["vi"].translations.ugettext("Basket") == "Giỏ"
    assert [fault.line for fault in known(tmp_path).faults] == [1]


def test_a_base_that_is_nowhere_or_leads_in_a_circle_is_told_and_the_house_speaks(tmp_path: Path) -> None:
    put(tmp_path, "hre", ("itself", "en", "cua"))
    put(tmp_path, "cua", ("itself", "en", "hre"))
    put(tmp_path, "sed", ("itself", "en", "xxx"))
    found = known(tmp_path)
    assert all(found.known[code].translations.ugettext("Basket") == "Giỏ" for code in ("hre", "cua", "sed"))
    assert sorted(fault.what for fault in found.faults) == [
        f"its base {base!r} is no language that it can fall back to; vi is taken" for base in ("cua", "hre", "xxx")
    ]


def test_folders_that_are_no_language_are_told_and_others_are_read(tmp_path: Path) -> None:
    put(tmp_path, "hre")
    for name in ("Tiếng Hrê", "bdq", ".git"):
        (tmp_path / "translations" / name).mkdir()
    (tmp_path / "translations" / "notes.txt").write_text("x")
    found = known(tmp_path)
    assert list(found.known) == ["vi", "en", "hre"]
    assert sorted((fault.file.name, fault.what.partition(":")[0]) for fault in found.faults) == [
        ("Tiếng Hrê", "is no code of a language"),
        ("messages.po", "cannot be read"),
    ]


def test_the_language_of_the_house_falls_back_to_no_other(tmp_path: Path) -> None:
    put(tmp_path, "vi", ("itself", "en", "hre"))
    put(tmp_path, "hre", ("", "Basket", "Giỏ hre"))
    found = known(tmp_path)
    assert found.known["vi"].base is None
    assert found.known["hre"].translations.ugettext("Browse") == "Duyệt"
    assert not found.faults


def test_a_folder_that_cannot_be_listed_is_told_and_the_shipped_languages_speak(tmp_path: Path) -> None:
    (tmp_path / "translations").write_text("no folder", "utf-8")
    found = known(tmp_path)
    assert list(found.known) == ["vi", "en"]
    assert [str(fault) for fault in found.faults] == [f"{tmp_path / 'translations'}: cannot be read: Not a directory"]
