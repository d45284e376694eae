"""The tables, one class each, in the order a record walks them.

In: nothing. Out: typed SQLAlchemy 2 models that run alike on SQLite and PostgreSQL. Every table a stage reads from has
`pending`: true while the row needs that stage's work; a partial index makes finding them free of the size of the table.
The truth behind the mark are the hashes (`input_hash`, `indexed_hash`) and rule versions, which `check` compares.
"""

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from federation.store.base import BY_KEY, Base, Key, pending_index

_UNSURE: Final = text("decision = 'unsure'")


# --- who: members and their dated place in the administration -------------------------------------------------------


class AdminUnit(Base):
    """A unit of the administration; abolished ones keep their row with `valid_until` and a successor."""

    __tablename__ = "admin_unit"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.code"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    successor_code: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.code"))


class UnitOrigin(Base):
    """A former unit that a unit was made of: the districts that readers still know it by. `place`: 0 for that of its
    greater part.
    """

    __tablename__ = "unit_origin"
    unit_code: Mapped[str] = mapped_column(ForeignKey("admin_unit.code"), primary_key=True)
    origin_code: Mapped[str] = mapped_column(ForeignKey("admin_unit.code"), primary_key=True)
    place: Mapped[int]


class LibraryKind(Base):
    """A legal type of library (Library Law 46/2019/QH14, article 9)."""

    __tablename__ = "library_kind"
    code: Mapped[str] = mapped_column(primary_key=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]


class Member(Base):
    """A library of the federation. `code` is public and permanent: it stands in set names and exports. The rest is what
    its own page tells readers: `hours` as text, a line a day or so; `latitude` and `longitude` in degrees (WGS 84).
    """

    __tablename__ = "member"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    website: Mapped[str] = mapped_column(server_default="")
    hours: Mapped[str] = mapped_column(server_default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Affiliation(Base):
    """Kind, area and level of a member for a span of time; the row without `valid_until` is today's."""

    __tablename__ = "affiliation"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str] = mapped_column(ForeignKey("library_kind.code"))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("admin_unit.code"))
    level: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


# --- from where: sources and runs -----------------------------------------------------------------------------------


class Source(Base):
    """One endpoint of a member. `next_from` is what the last run left for the next; `fired_at` the time of its schedule
    that was last seen to; after `failures` in a row it rests until `rest_until`; `swept_at` is when it was last looked
    through for records that are gone; `remembered` is what its harvester wants to know the next time.
    """

    __tablename__ = "source"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[str]
    url: Mapped[str]
    prefix: Mapped[str] = mapped_column(default="")
    set_spec: Mapped[str] = mapped_column(default="")
    schedule: Mapped[str] = mapped_column(default="")
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    paused: Mapped[bool] = mapped_column(default=False)
    next_from: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    rest_until: Mapped[datetime | None]
    remembered: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]


class Target(Base):
    """A catalogue that is only searched, for copy cataloguing: nothing of it is kept, and it is no member's."""

    __tablename__ = "target"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Run(Base):
    """One run of one source (`kind`: harvest, sweep or replay, or what an operator decided: withdraw, rekey, restore;
    `trigger`: operator, schedule or catch-up): its window, how far it came, how it ended and what it counted. A replay
    names the run that it `replays`.
    """

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    kind: Mapped[str] = mapped_column(server_default="harvest")
    trigger: Mapped[str] = mapped_column(server_default="operator")
    replays: Mapped[int | None] = mapped_column(Key)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    status: Mapped[str]  # running, success, partial, failed, interrupted
    window_from: Mapped[datetime | None]
    window_until: Mapped[datetime | None]
    resume: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    seen: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    deleted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    repaired: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)


class RunLine(Base):
    """A line of the log of a run."""

    __tablename__ = "run_line"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    at: Mapped[datetime]
    level: Mapped[str]
    message: Mapped[str]


class Queued(Base):
    """A run that was asked for, not before `not_before`; `run_id` once it has begun."""

    __tablename__ = "queued"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    kind: Mapped[str]  # harvest, full
    trigger: Mapped[str]
    asked_at: Mapped[datetime]
    not_before: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))


class Lease(Base):
    """Who may do something alone, and until when unless he says again that he is alive."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]


class Notice(Base):
    """Something the operator should know; `told_to` are the channels that have it, `told_at` when all had."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]  # failure, silence, deletions, rejects
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    at: Mapped[datetime]
    message: Mapped[str]
    told_to: Mapped[str] = mapped_column(server_default="")
    told_at: Mapped[datetime | None]


class ReceivedPage(Base):
    """An answer of a source as it came, compressed, kept for some days; `fault` says why it was no sound page."""

    __tablename__ = "received_page"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    number: Mapped[int]
    content: Mapped[bytes]
    fault: Mapped[str] = mapped_column(server_default="")
    received_at: Mapped[datetime] = mapped_column(index=True)


# --- as received ----------------------------------------------------------------------------------------------------


class Raw(Base):
    """A record as received: bytes compressed, never altered. A deletion keeps the last bytes and sets `deleted`, with
    the reason in `withdrawal`: source (it said so), absent (a sweep), complete (a whole file), rekeyed, operator.

    `last_run_id` is the last run that changed the row: a run that finds a record unchanged writes nothing.
    `findings` are issue codes that fetching found, parted by blanks. `stood_in` is the cluster its bib was in when it
    was last taken out, so that it finds its union record again. `sets` are the setSpecs of an OAI-PMH record's header,
    parted by blanks: where it stands at its source. They are no part of what it says: when they alone change, nothing
    is made anew, and the run counts the record as unchanged.
    """

    __tablename__ = "raw"
    __table_args__ = (UniqueConstraint("source_id", "local_id"), pending_index("raw"))
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    local_id: Mapped[str]
    syntax: Mapped[str]
    content: Mapped[bytes]
    content_hash: Mapped[bytes]
    datestamp: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    findings: Mapped[str] = mapped_column(default="")
    sets: Mapped[str] = mapped_column(server_default="")
    deleted: Mapped[bool] = mapped_column(default=False)
    withdrawal: Mapped[str] = mapped_column(server_default="")
    stood_in: Mapped[int | None] = mapped_column(Key)
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    last_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    changed_at: Mapped[datetime]
    rejected: Mapped[bool] = mapped_column(default=False)
    pending: Mapped[bool] = mapped_column(default=True)


class Absence(Base):
    """A live record that a whole look at its source did not find. Missed twice it is withdrawn, unless it is `held`:
    too many went at once, and the operator has to say.
    """

    __tablename__ = "absence"
    raw_id: Mapped[int] = mapped_column(ForeignKey("raw.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    since: Mapped[datetime]
    held: Mapped[bool] = mapped_column(default=False)


class Rekeying(Base):
    """A record that seems to have come back under another id: same content, new name. It waits for consent."""

    __tablename__ = "rekeying"
    old_raw_id: Mapped[int] = mapped_column(ForeignKey("raw.id"), primary_key=True)
    new_raw_id: Mapped[int] = mapped_column(ForeignKey("raw.id"), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))


class RecordIssue(Base):
    """One finding on one raw record (`schemas.issues.Issue`); replaced whenever the record is normalised anew."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    raw_id: Mapped[int] = mapped_column(ForeignKey("raw.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    severity: Mapped[str]
    place: Mapped[str]
    message: Mapped[str]


# --- normalised and matched -----------------------------------------------------------------------------------------


class Bib(Base):
    """A normalised record: `marc` MARCXML, `content` the internal record (`schemas.bib`), both compressed. `profile` is
    what the rules read of it, as it was when it was last `judged`; false: its content has come or changed since.
    """

    __tablename__ = "bib"
    __table_args__ = (pending_index("bib"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    raw_id: Mapped[int] = mapped_column(ForeignKey("raw.id"), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    local_id: Mapped[str]
    marc: Mapped[bytes]
    content: Mapped[bytes]
    content_hash: Mapped[bytes]
    input_hash: Mapped[bytes]
    rules: Mapped[int]
    as_of: Mapped[datetime]
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    profile: Mapped[int | None] = mapped_column(BigInteger, index=True)
    judged: Mapped[bool] = mapped_column(server_default=false())
    pending: Mapped[bool] = mapped_column(default=True)


class Profile(Base):
    """What the rules read of bibs (`matching.profile`), named by its content; there while a bib has it. `keys` are its
    match keys; it is `stale` while its verdicts have to be made anew, because a key of it makes candidates again.
    """

    __tablename__ = "profile"
    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    content: Mapped[bytes]
    keys: Mapped[bytes]
    stale: Mapped[bool] = mapped_column(server_default=false())


class MatchKey(Base):
    """A candidate key of a profile, as a 63-bit hash of its text: profiles that share one are compared."""

    __tablename__ = "match_key"
    __table_args__ = BY_KEY
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    profile: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class Verdict(Base):
    """What the rules say of two profiles (`profile_a` < `profile_b`), or of one that several bibs have (equal): same,
    different or unsure, with score and reasons. Of different ones only those that are `related` are kept: the others
    are judged again when somebody asks.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_unsure", "score", sqlite_where=_UNSURE, postgresql_where=_UNSURE),
        BY_KEY,
    )
    profile_a: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    profile_b: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    decision: Mapped[str]
    score: Mapped[float]
    related: Mapped[bool]
    vetoed: Mapped[bool]
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    rules: Mapped[int]


class Pin(Base):
    """What a person said of two raw records; outlives re-harvests and rules because raw rows are never removed.
    `occasion` names the sample that asked for it.
    """

    __tablename__ = "pin"
    raw_a: Mapped[int] = mapped_column(ForeignKey("raw.id"), primary_key=True)
    raw_b: Mapped[int] = mapped_column(ForeignKey("raw.id"), primary_key=True, index=True)
    decision: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    occasion: Mapped[str] = mapped_column(server_default="")


class Cluster(Base):
    """A group of bibs that are one publication. Ids are minted once; a merged one names its `successor_id`, a split
    one its `origin_id`. `group_id` is the lowest id of its title group, null where it is a group by itself.
    """

    __tablename__ = "cluster"
    __table_args__ = (pending_index("cluster"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    group_id: Mapped[int | None] = mapped_column(Key, index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"))
    pending: Mapped[bool] = mapped_column(default=True)


# --- the union ------------------------------------------------------------------------------------------------------


class Union(Base):
    """The union record of a cluster (same id). Deleted ones stay for ever as tombstones.

    `marcxml` and `content` (`schemas.bib`) are compressed; `sets` are the set names it is in (a tombstone: was in),
    parted by blanks; `content_hash` covers all that the doors export, and `datestamp` moves only with it.
    """

    __tablename__ = "union_record"
    __table_args__ = (
        Index("ix_union_record_datestamp_id", "datestamp", "id"),
        pending_index("union_record"),
    )
    id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), primary_key=True, autoincrement=False)
    datestamp: Mapped[datetime]
    created_at: Mapped[datetime]
    deleted: Mapped[bool] = mapped_column(default=False)
    successor_id: Mapped[int | None] = mapped_column(Key)
    group_id: Mapped[int] = mapped_column(Key)
    sets: Mapped[str]
    marcxml: Mapped[bytes]
    content: Mapped[bytes]
    content_hash: Mapped[bytes]
    provenance: Mapped[list[Any]] = mapped_column(JSON)
    rules: Mapped[int]
    indexed_hash: Mapped[bytes | None]
    pending: Mapped[bool] = mapped_column(default=True)


class UnionHolding(Base):
    """One member's holding of a union record at one location, with the library's own record id."""

    __tablename__ = "holding"
    __table_args__ = (
        Index("ix_holding_member_id_union_id", "member_id", "union_id"),
        Index("ix_holding_member_id_bib_id", "member_id", "bib_id"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("union_record.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    bib_id: Mapped[int] = mapped_column(Key)
    local_id: Mapped[str]
    location: Mapped[str]
    call_number: Mapped[str]
    copies: Mapped[int]
    note: Mapped[str]
    as_of: Mapped[date]


class UnionSet(Base):
    """A union record in an OAI set. When it leaves the set the row stays, `deleted`, with the time it left.

    In an operator's own set (`query:`) the datestamp may be later than the record's: the time it entered.
    """

    __tablename__ = "union_set"
    __table_args__ = (Index("ix_union_set_page", "set_spec", "datestamp", "union_id"), BY_KEY)
    union_id: Mapped[int] = mapped_column(ForeignKey("union_record.id"), primary_key=True)
    set_spec: Mapped[str] = mapped_column(primary_key=True)
    datestamp: Mapped[datetime]
    deleted: Mapped[bool] = mapped_column(default=False)


class QuerySet(Base):
    """An operator's own set, `query:<code>`: the records that a CQL query finds. `pending` while it has to be asked of
    the whole index: it is new, or its query changed, or the index was made anew. A set that is `withdrawn` goes as soon
    as its members have left. `fault` says why its query could not be answered.
    """

    __tablename__ = "query_set"
    code: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    name_vi: Mapped[str]
    name_en: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    pending: Mapped[bool] = mapped_column(default=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    fault: Mapped[str] = mapped_column(default="")


# --- how the house remembers its own work ---------------------------------------------------------------------------


class StageRules(Base):
    """The rules a stage last marked its table for (version, and settings that shape it); others mark every row as
    needing work.
    """

    __tablename__ = "stage_rules"
    stage: Mapped[str] = mapped_column(primary_key=True)
    rules: Mapped[str]


class Stamping(Base):
    """One row: the promise that makes datestamps safe (see `store.stamps`)."""

    __tablename__ = "stamping"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    open_since: Mapped[datetime | None]
    last_stamp: Mapped[datetime | None]


#: every table, for those who make or compare all of them
METADATA: Final = Base.metadata
