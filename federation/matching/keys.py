"""Candidate keys: bibs that share a key are compared with each other, others never meet.

In: a `Bib`. Out: short texts. Today's rule joins only records that share a standard number, so these are the keys.
"""

from schemas.bib import Bib


def keys(bib: Bib) -> tuple[str, ...]:
    """Give the keys of a bib, each once, in a fixed order: its valid ISBNs (13 digits) and ISSNs."""
    found = [f"{scheme}:{number}" for scheme in ("isbn", "issn") for number in bib.numbers(scheme)]
    return tuple(dict.fromkeys(found))
