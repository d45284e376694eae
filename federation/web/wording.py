"""Parts of a record in words, as every page writes them.

In: parts of a `Bib`. Out: text, as a catalogue card has it.
"""

from schemas.bib import Publication


def imprint(publication: Publication) -> str:
    """Write place, publisher and date as a catalogue card does."""
    place = " : ".join(text for text in (publication.place, publication.publisher) if text)
    return ", ".join(text for text in (place, published(publication)) if text)


def published(publication: Publication) -> str:
    """Write when it was published: as the record states it, else the year it is filed under."""
    return publication.date or (str(publication.year) if publication.year else "")
