"""Which record a person means.

In: what was typed: `1234`, an OAI identifier, `MEMBER:local-id`. Out: a union id, or the raw records of a member; an
error that says what is wrong with it.
"""

from federation.catalogue.catalogue import Catalogue
from federation.errors import NotFound
from federation.pipeline.workplace import Workplace
from federation.store import traces


def resolved(place: Workplace, catalogue: Catalogue, text: str) -> int:
    """Give the union id that a text means; raises `NotFound` where it means no record that is shown."""
    union_id = catalogue.resolve(text)
    if union_id is not None and catalogue.fetch(union_id) is not None:
        return union_id
    if received(place, text):
        raise NotFound("record-not-shown", "is in no union record; `lienthong records trace` tells why", text)
    raise NotFound("record-unknown", "is no record: use a number, an OAI identifier or MEMBER:local-id", text)


def received(place: Workplace, text: str) -> list[traces.Trace]:
    """Give the raw records that `MEMBER:local-id` means; none where it is another kind of id."""
    member, colon, local_id = text.partition(":")
    if not colon or "\0" in text:
        return []
    with place.database.read() as session:
        return traces.of_local(session, member, local_id)
