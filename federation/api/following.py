"""What the API says of what changed, for those who keep a copy: nothing is missed and nothing told twice.

In: where a list stands, and the catalogue. Out: a page of `shapes.Changes` and the cursor that goes on, or `Refused`.
Complete up to the horizon, behind which something may still be written: docs/explanation/datestamps.md.
"""

from federation import clock
from federation.api import cursors, request, shapes
from federation.api.answer import Room
from federation.api.cursors import Watermark
from federation.api.problems import Refused
from federation.catalogue.records import ChangesWindow


def changes(room: Room, asked: request.Followed) -> shapes.Changes:
    """List what changed, complete up to a time that is asked for before the list is read."""
    mark = _mark(room, asked)
    horizon = room.catalogue.horizon()
    window = ChangesWindow(
        set_spec=mark.set_spec,
        from_=mark.since,
        after=(mark.stamp, mark.number) if mark.stamp else None,
        limit=asked.limit,
        before=horizon,
    )
    page = room.catalogue.changes(window)
    successors = room.catalogue.successors([line.id for line in page if line.deleted])
    listed = tuple(
        shapes.Change(
            *room.named(line.id),
            datestamp=clock.iso(line.datestamp),
            deleted=line.deleted,
            successor=successors.get(line.id),
            sets=line.sets,
        )
        for line in page
    )
    if listed:
        mark = Watermark(mark.set_spec, mark.since, page.rows.datestamps[-1], page.rows.ids[-1])
    return shapes.Changes(listed, page.more, cursors.write(mark, room.key), clock.iso(horizon))


def _mark(room: Room, asked: request.Followed) -> Watermark:
    if not asked.cursor:
        if asked.set_spec and asked.set_spec not in {line.spec for line in room.catalogue.sets()}:
            raise Refused("set-unknown", f"there is no set {asked.set_spec[:80]!r}", "set")
        return Watermark(asked.set_spec, asked.since)
    mark = cursors.watermark(asked.cursor, room.key)
    if (asked.set_spec or mark.set_spec) != mark.set_spec or (asked.since or mark.since) != mark.since:
        raise Refused("cursor-invalid", "this cursor belongs to another list than stands beside it", "cursor")
    return mark
