"""Vietnamese in old encodings becomes readable; what is good, and what is another language, is never touched."""

import json
from collections import Counter
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.issues import CODES
from schemas.vietnamese import codes, legacy
from schemas.vietnamese.syllable import is_spelt
from tests.support.old_encodings import ENCODINGS, encode, shown

TITLE = "Lịch sử Việt Nam từ nguồn gốc đến giữa thế kỷ hai mươi"
BYTES = (codes.TCVN3, codes.VNI, codes.VISCII, codes.CP1258)
#: the columns of the table of titles that other programs made
COLUMNS = {
    codes.TCVN3: "tcvn3 (npm)",
    "tcvn5712-1": "tcvn5712-1 (glibc iconv)",
    codes.VNI: "vni-windows (2 of 3)",
    codes.VISCII: "viscii (glibc iconv)",
    codes.CP1258: "cp1258 (glibc iconv)",
}


def mended(*texts: str, said: str = "", as_bytes: bool = False) -> list[str]:
    return list(legacy.mend(texts, said, range(len(texts)) if as_bytes else ()).texts)


def found(*texts: str, said: str = "", as_bytes: bool = False) -> list[str]:
    return [each.code for each in legacy.mend(texts, said, range(len(texts)) if as_bytes else ()).findings]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_title_is_read_in_each_encoding(encoding: str) -> None:
    text = shown(TITLE, encoding)
    assert text != TITLE
    assert legacy.is_suspect(text)
    assert mended(text) == [TITLE]
    assert found(text) == ["encoding-twice" if encoding == "utf-8 twice" else "encoding-vietnamese"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ViÖt Nam", "Việt Nam"),
        ("Vieät Nam", "Việt Nam"),
        ("NguyÔn V¨n An", "Nguyễn Văn An"),
        ("“Đời thừa” : “TruyÖn ng¾n”", "“Đời thừa” : “Truyện ngắn”"),
        ("TRUYÖN KIÒU", "TRUYỆN KIỀU"),
        ("Truyá»‡n Kiá»\x81u", "Truyện Kiều"),
        ("BibliothÃ¨que franÃ§aise", "Bibliothèque française"),
        ("QuÃ¡n lÃ½ vÃ  phÃ¡t triá»ƒn", "Quán lý và phát triển"),
        ("T&#7915; &#273;i&#7875;n", "Từ điển"),
        ("Caf&eacute; &amp;eacute;t&#xE9;", "Café été"),
        ("Tie^'ng Vie^.t", "Tiếng Việt"),
    ],
)
def test_words_that_somebody_decoded_wrongly_are_restored(text: str, meant: str) -> None:
    assert legacy.is_suspect(text)
    assert mended(text) == [meant]


def test_every_finding_names_the_encoding_its_score_and_where_it_was() -> None:
    finding = legacy.mend(["Plain", shown(TITLE, codes.TCVN3), "123"]).findings[0]
    assert finding.places == (1,)
    assert finding.found.startswith("TCVN3, ")
    assert "before" in finding.found
    assert finding.code in CODES


# --- what must stay --------------------------------------------------------------------------------------------------

GOOD = [
    TITLE, "Cô giáo", "Hà Giang", "Toán học", "Hoà bình", "Thuý Kiều", "TS. Hoàng Anh Hoàng", "Ôtô - Máy kéo", "à",
    "Ý", "Bibliothèque de l'École française : récits d'été à Genève", "Les «Misérables»",
    "naïf, Noël, goût, août, poésie", "L’enquête à Paris © 1999", "œuvres complètes",
    "Château de Chillon, où l'on chante", "Über die Größe: Schöne Bücher für Mädchen", "Zürich, Köln, Düsseldorf",
    "ÖSTERREICH", "Straße", "El niño y la muñeca: año, español, corazón", "¿Qué? ¡Sí! aquí, así, país, leído",
    "Nº 5, 1ª ed.", "Perché più, però, può", "São Paulo, coração, não", "Ærø, smørrebrød, Åse", "Dvořák, Škoda, Łódź",
    "McÉwan", "Jürgen Müller-Vélez", "Hrê", "Tơdrong Hrê, Kon Tum: Bôk Rơgao", "Truyện cổ Ba Na: Bơhnar, Dăm Noi",
    "Xơ Đăng: Rơteăng hdroh", "Co, Cor, Kơyong", "Pơm pơdâl, kơchơ\u0306 ƀok", "Ca Dong: plây, kơmăi",
    "C++ & a^2 + b^2 = c^2", "don't, o'clock, l'eau", "e.g. a.m. p.m.", "AT&T; Smith &amp; Sons", "?a=1&amp;b=2",
    "© 2016, § 5, 25 °C, ±3 µm, £5, ®", "Qurʼān; ‘ayn", "統治 = 統一", "Пушкин",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_good_text_of_any_language_stays(text: str) -> None:
    assert mended(text) == [text]
    assert not found(text)


def test_a_record_of_all_these_stays_too() -> None:
    assert mended(*GOOD) == GOOD
    assert not found(*GOOD)


@pytest.mark.parametrize("said", [codes.TCVN3, codes.VNI, codes.VISCII, codes.CP1258, legacy.VIQR])
@pytest.mark.parametrize("text", [text for text in GOOD if len(text) > 8 and "^" not in text])
def test_the_word_of_the_source_never_spoils_good_text(said: str, text: str) -> None:
    if said != legacy.VIQR:
        assert mended(text, said=said) == [text]


@pytest.mark.parametrize("said", legacy.PLAIN)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_source_that_is_said_to_be_right_is_left_alone(said: str, encoding: str) -> None:
    text = shown(TITLE, encoding)
    assert not legacy.is_suspect(text, said)
    assert mended(text, said=said) == [text]


@given(st.text(st.sampled_from("aàáảãạăằâầđeéêềiíoóôồơờuúưừyýnmghtcpNTV ,.:")))
def test_good_vietnamese_is_never_changed(text: str) -> None:
    words = [word for word in text.split() if word.isascii() or is_spelt(word.lower())]
    good = normalize("NFC", f"{' '.join(words)} đã được")
    assert mended(good) == [good]


# --- what is not sure ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Lª Cung", "Thanh Quª"])
def test_what_could_be_two_encodings_is_told_and_kept(text: str) -> None:
    finding = legacy.mend([text]).findings
    assert mended(text) == [text]
    assert [each.code for each in finding] == ["encoding-doubtful"]
    assert finding[0].places == (0,)
    assert CODES["encoding-doubtful"][0] == "warning"


def test_short_texts_follow_the_vote_of_their_record() -> None:
    short = ["Héi", "Lª Cung", "Thanh Quª", "JosÐ"]
    assert [mended(text)[0] for text in short] == short
    assert mended(shown(TITLE, codes.TCVN3), *short)[1:] == ["Hội", "Lê Cung", "Thanh Quê", "José"]


def test_or_the_word_of_their_source() -> None:
    assert mended("Lª Cung", "Héi th¶o", said=codes.TCVN3) == ["Lê Cung", "Hội thảo"]


def test_a_record_that_dissents_from_its_source_is_read_as_it_is_and_told() -> None:
    text = shown(TITLE, codes.VNI)
    assert mended(text, said=codes.TCVN3) == [TITLE]
    assert found(text, said=codes.TCVN3) == ["encoding-vietnamese", "encoding-dissents"]


def test_texts_in_unicode_and_in_an_old_encoding_live_in_one_record() -> None:
    texts = [TITLE, "Cô giáo", shown("Nguyễn Văn Tuấn", codes.TCVN3), "Dépannage", shown("Trần Thị Hồng", codes.TCVN3)]
    assert mended(*texts) == [TITLE, "Cô giáo", "Nguyễn Văn Tuấn", "Dépannage", "Trần Thị Hồng"]


def test_one_word_in_unicode_stays_among_old_ones() -> None:
    assert mended(f"{shown('Truyện ngắn của', codes.TCVN3)} Nguyễn Tuân") == ["Truyện ngắn của Nguyễn Tuân"]


def test_layers_are_taken_off_one_after_another() -> None:
    text = shown(TITLE, codes.TCVN3)
    for _ in range(2):
        text = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    assert mended(text) == [TITLE]


# --- measures --------------------------------------------------------------------------------------------------------


def titles(shared_data: Path, column: str) -> list[tuple[str, str]]:
    lines = (shared_data / "vietnamese-encodings" / "titles.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(row["text"], codes.shown(bytes.fromhex(row[column]).decode("latin-1"))) for row in rows if column in row]


@pytest.mark.parametrize("encoding", COLUMNS)
def test_of_real_titles_alone_96_of_100_are_read_and_none_is_spoilt(shared_data: Path, encoding: str) -> None:
    count: Counter[str] = Counter()
    for meant, text in titles(shared_data, COLUMNS[encoding]):
        read = mended(text, as_bytes=True)[0]
        count["right" if read == meant else "kept" if read == text else "spoilt"] += 1
    assert count["right"] / count.total() >= 0.96
    assert count["spoilt"] <= 1


@pytest.mark.parametrize("encoding", COLUMNS)
def test_of_real_titles_that_vote_together_all_are_read(shared_data: Path, encoding: str) -> None:
    rows = titles(shared_data, COLUMNS[encoding])
    right = 0
    for start in range(0, len(rows), 5):
        group = rows[start : start + 5]
        read = mended(*(text for _, text in group), as_bytes=True)
        right += sum(text == meant for text, (meant, _) in zip(read, group, strict=True))
    assert right / len(rows) >= 0.99


def test_of_real_titles_in_unicode_none_is_changed(shared_data: Path) -> None:
    for meant, _ in titles(shared_data, "viqr (recode)"):
        assert mended(meant) == [meant]


# --- properties ------------------------------------------------------------------------------------------------------

ANY = st.lists(
    st.text(st.one_of(st.characters(), st.sampled_from("aeiouy NTHgh\xe1\xd6\xb8\x93Ã¡»‡^`~+.'?&#;đếữ\u0301"))),
    max_size=4,
)
SAID = st.sampled_from(["", *legacy.OLD, *legacy.PLAIN])


@given(ANY, SAID, st.booleans())
def test_nothing_is_raised_and_nothing_lost(texts: list[str], said: str, as_bytes: bool) -> None:
    result = legacy.mend(texts, said, range(len(texts)) if as_bytes else ())
    assert len(result.texts) == len(texts)
    changed = {place for each in result.findings for place in each.places if CODES[each.code][0] == "repaired"}
    assert all(text == texts[place] for place, text in enumerate(result.texts) if place not in changed)
    legacy.is_suspect("\x1e".join(texts), said)


@given(st.lists(st.sampled_from(TITLE.split()), min_size=4), st.sampled_from(BYTES))
@example(["từ", "từ", "từ", "từ"], codes.TCVN3)
def test_reading_twice_is_reading_once(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    once = mended(shown(text, encoding), "Nam")
    assert mended(*once) == once


@given(st.lists(st.sampled_from(TITLE.split()), min_size=8, unique=True), st.sampled_from(BYTES))
def test_a_handful_of_different_words_is_always_enough(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    content = encode(text, encoding).decode("latin-1")
    assert mended(codes.shown(content), as_bytes=True)[0].lower() == text.lower()
