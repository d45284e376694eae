"""Compiles the ASN.1 of `schemas/z3950` into the one JSON the package reads: `python -m tests.schemas.z3950.compile`.

hat-asn1 does it, so its compiler is needed here only; `test_asn1` holds texts and JSON together.
"""

import json
from pathlib import Path

from hat import asn1

PACKAGE = Path(__file__).parents[3] / "schemas" / "z3950"
TEXTS = ("apdus.asn", "records.asn", "negotiation.asn")
COMPILED = PACKAGE / "asn1.json"


def compiled() -> str:
    """Give the JSON of today's texts, one type a line."""
    repository = asn1.create_repository(*((PACKAGE / name).read_text("utf-8") for name in TEXTS))
    types = asn1.repository_to_json(repository)
    lines = ",\n".join(json.dumps(one, ensure_ascii=True, separators=(",", ":")) for one in types)
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    COMPILED.write_text(compiled(), "utf-8")
