"""The file in which somebody begins to translate, or goes on after the software got new words.

In: the code of the language, the words of the pages in Vietnamese, the captions, and what was translated before. Out: a
`.po` file with every original; the Vietnamese stands above each as a note for the translator, so that nobody needs
English. What is translated already stays; what no page says any more is kept at the end, marked with #~.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Final

from babel.messages import Catalog
from babel.messages.pofile import write_po

from federation.languages.language import Caption
from federation.languages.making import cldr
from federation.languages.messages import ONE_FORM

HEAD: Final = """\
Bản dịch giao diện Lienthong. Dòng "#." phía trên mỗi chuỗi là tiếng Việt; viết bản dịch vào msgstr "".
Chuỗi nào để trống thì trang hiện tiếng Việt. Giữ nguyên %(num)s và các dấu tương tự; dấu " bên trong chuỗi viết là \\".
Translation of Lienthong's pages. The line "#." above a text is its Vietnamese; write the translation into msgstr "".
What is left empty is shown in Vietnamese. Keep %(num)s and the like as they are; a " inside a text is written \\"."""
_WIDTH: Final = 110


def template(code: str, words: Catalog, captions: Iterable[Caption], before: Catalog | None = None) -> bytes:
    """Write the file; `words` are the shipped Vietnamese ones, `before` is what was translated so far."""
    made = Catalog(
        code.replace("-", "_"), project="Lienthong", charset="utf-8", header_comment=_commented(HEAD), fuzzy=False
    )
    if cldr(code) is None:
        made.mime_headers = [("Plural-Forms", ONE_FORM)]
    captions = list(captions)
    _say(made, (each for each in captions if each.note))
    for message in words:
        if message.id:
            made.add(message.id, auto_comments=[_shown(message.string)])
    _say(made, (each for each in captions if not each.note))
    if before is not None:
        before.update(made, no_fuzzy_matching=True)
        made = before
    content = BytesIO()
    write_po(content, made, width=_WIDTH)
    # Babel leaves the rule out where CLDR does not know the language.
    rule, next_line = f'"Plural-Forms: {made.plural_forms}\\n"\n'.encode(), b'"MIME-Version:'
    written = content.getvalue()
    return written if b'\n"Plural-Forms:' in written else written.replace(next_line, rule + next_line, 1)


def _say(made: Catalog, captions: Iterable[Caption]) -> None:
    for each in captions:
        made.add(each.en, auto_comments=[note for note in (each.vi, each.note) if note], context=each.table)


def _shown(said: str | list[str] | tuple[str, ...] | None) -> str:
    return said if isinstance(said, str) else (said or ("",))[0]


def _commented(text: str) -> str:
    return "\n".join(f"# {line}" for line in text.splitlines())
