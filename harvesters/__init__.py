"""Harvesters: what fetches records from a member's source, one module for each protocol.

In: a `SourceSpec`. Out: the harvester of its kind (`open_source`), and the options that kind has. A harvester is
loaded when it is asked for, so that reading a file does not load an HTTP client; none of them knows another.
"""

from typing import TYPE_CHECKING, Final

from harvesters.base import Harvester, Page, SourceSpec
from harvesters.errors import SourceRefused

if TYPE_CHECKING:
    from harvesters.options import Option

#: the kinds of source there are
KINDS: Final = ("oaipmh", "sru", "z3950", "files")

# ruff: noqa: PLC0415  (imports inside functions: see above)


def open_source(spec: SourceSpec, contact: str = "") -> Harvester:
    """Give the harvester of a source; `contact` is the mail address told to servers. Raises `SourceRefused`."""
    if spec.kind == "oaipmh":
        from harvesters.oaipmh import OaiHarvester

        return OaiHarvester(spec, contact)
    if spec.kind == "files":
        from harvesters.files import FilesHarvester

        return FilesHarvester(spec, contact)
    if spec.kind == "sru":
        from harvesters.sru import SruHarvester

        return SruHarvester(spec, contact)
    if spec.kind == "z3950":
        from harvesters.z3950 import Z3950Harvester

        return Z3950Harvester(spec, contact)
    known = ", ".join(KINDS)
    raise SourceRefused("kind-unknown", f"no harvester for the kind {spec.kind!r}; known: {known}", spec.code)


def read_again(spec: SourceSpec, answer: bytes, number: int) -> Page:
    """Read the records of an answer that was kept, without the network; raises `HarvestError`."""
    if spec.kind == "oaipmh":
        from harvesters.oaipmh import taking

        return taking.read_again(answer, number)
    if spec.kind == "sru":
        from harvesters.sru import again

        return again.read_again(spec, answer, number)
    if spec.kind == "z3950":
        from harvesters.z3950 import again as z3950

        return z3950.read_again(spec, answer, number)
    raise SourceRefused("kind-unknown", f"answers of the kind {spec.kind!r} are not kept", spec.code)


def open_sweep(spec: SourceSpec, contact: str = "") -> Harvester:
    """Give what lists the identifiers of a source without its records. Raises `SourceRefused` where nothing can."""
    if spec.kind == "oaipmh":
        from harvesters.oaipmh.sweep import OaiSweep

        return OaiSweep(spec, contact)
    raise SourceRefused("kind-unknown", f"sources of the kind {spec.kind!r} cannot list their identifiers", spec.code)


def known_options(kind: str) -> "tuple[Option, ...]":
    """Give the options a source of this kind understands, with defaults and meaning."""
    if kind == "oaipmh":
        from harvesters.oaipmh import OPTIONS

        return OPTIONS
    if kind == "files":
        from harvesters.files import OPTIONS as FILES

        return FILES
    if kind == "sru":
        from harvesters.sru import OPTIONS as SRU

        return SRU
    if kind == "z3950":
        from harvesters.z3950 import OPTIONS as Z3950

        return Z3950
    return ()
