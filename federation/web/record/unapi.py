"""unAPI: the records of a page as files, by their identifiers, for programs that know nothing of this catalogue.

In: `id` and `format` of an address. Out: the list of formats (200 without an id, 300 with one), the record, 404 for an
unknown id, 406 for an unknown format. unAPI revision 3. An id is the OAI identifier, the permalink or the number.
"""

from xml.sax.saxutils import quoteattr

from federation.catalogue.formats import FORMATS


def formats(identifier: str = "") -> str:
    """Write the list of formats, of all records or of one."""
    of = f" id={quoteattr(identifier)}" if identifier else ""
    rows = "".join(
        f"<format name={quoteattr(form.name)} type={quoteattr(form.media_type)}"
        f"{f' docs={quoteattr(form.schema)}' if form.schema else ''}/>"
        for form in FORMATS
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<formats{of}>{rows}</formats>\n'
