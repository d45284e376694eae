"""What every harvester takes and gives, so that the pipeline need not know which protocol it was.

In: a `SourceSpec` (where and how to ask) and a `Window` (which changes to ask for). Out: `Page`s of records exactly as
received; the last page carries the `Ending`. A harvester knows no database: what it must remember between two runs goes
out as `Page.resume` and `Ending.next_from` and comes back in.
"""

import builtins
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import msgspec

Syntax = Literal["iso2709", "marcxml", "oai_dc", "unknown"]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One endpoint of a member. `url` is an address, or a path, folder or glob for files; `options` are texts, secrets
    in the clear. `remembered` is what the last successful harvest left (`Ending.remember`); `shared` is a folder where
    the processes of one house keep how fast each host was asked.
    """

    code: str
    kind: str
    url: str
    prefix: str = ""
    set_spec: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    remembered: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Which changes to ask for: from and until are aware UTC times, inclusive; None means open."""

    from_: datetime | None = None
    until: datetime | None = None


class Harvested(msgspec.Struct, frozen=True):
    """One record as received. `content` is untouched bytes (empty when `deleted`).

    `local_id` is the OAI identifier, or for files 001 or what the option `id` names, or a fingerprint.
    `where` says where it stood (file and record number, or page); `datestamp` is the source's own, as text.
    `findings` are codes of `schemas.issues.CODES` that fetching alone could know (`id-missing`, `xml-entities:3`: three
    times). `origins` are the addresses and identifiers that its provenance names; `sets` the setSpecs of its header.
    """

    local_id: str
    content: bytes
    syntax: Syntax
    where: str = ""
    datestamp: str = ""
    deleted: bool = False
    findings: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a harvest ended.

    `whole` means every record of the window was seen, so that vanished ones may be concluded from it (only ever true
    for a window without `from_`). `partial` means it stopped early but what came is good; `message` says why.
    `next_from` is where the next incremental harvest starts; `remember` comes back to it as `SourceSpec.remembered`.
    """

    status: Literal["success", "partial"] = "success"
    whole: bool = False
    next_from: datetime | None = None
    message: str = ""
    remember: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Records that are kept together or not at all; `resume` lets a later run go on from here ("" when it cannot),
    with some records once more where that is safer. `answer` is what the server sent, decompressed; `fault` says why it
    was no sound page.
    """

    records: tuple[Harvested, ...]
    resume: str = ""
    bytes: int = 0
    expected: int | None = None
    ending: Ending | None = None
    answer: builtins.bytes = b""
    fault: str = ""


def question(*asked: object) -> str:
    """Name what is asked of whom, from all that tells it from another question; what resumes a run answers one alone.

    The names stand in `Page.resume`s that were kept: one that changes makes running harvests begin anew.
    """
    return hashlib.sha256("\n".join(map(str, asked)).encode()).hexdigest()[:16]


class Harvester(Protocol):
    """What fetches. Raises `HarvestError`; pages given before it are good and may be kept."""

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:
        """Yield the pages of the window, the last one with its `Ending`; go on from `resume` when given."""
        ...
