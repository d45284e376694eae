"""A record in the formats of the catalogue: which there are, and the record in one of them.

In: a union record and the name or extension of a format. Out: the links the record page offers, or the file. An
unknown format is a 404 that lists the known ones.
"""

from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _

from federation.catalogue.formats import FORMATS, named
from federation.catalogue.records import UnionRecord
from federation.web import problems
from schemas.errors import CrosswalkError, EncodeError


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to a record in one format."""

    label: str
    address: str
    media_type: str


def offered(number: int) -> tuple[Offer, ...]:
    """Give the links to a record in every format."""
    return tuple(
        Offer(form.label, f"/record/{number}.{form.extension}", form.media_type) for form in FORMATS if form.extension
    )


def export(record: UnionRecord, wanted: str) -> Response:
    """Give a record in the format wanted, named by its name or its extension."""
    form = named(wanted)
    if form is None:
        links = tuple((offer.label, offer.address) for offer in offered(record.id))
        detail = _("There is no format %(name)s. There are:", name=wanted[:40])
        return problems.page(404, detail, "format-unknown", links)
    try:
        content = form.write(record)
    except (EncodeError, CrosswalkError) as error:
        return problems.page(404, error.message, error.code)
    response = Response(content, mimetype=form.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{record.id}.{form.extension}"'
    return response
