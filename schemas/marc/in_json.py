"""A MARC record as MARC-in-JSON, the shape that programs in most languages read and write.

In: a `MarcRecord`. Out: JSON text: leader, and fields in order, each an object with its tag (Ross Singer, 2010).
"""

import json
from typing import Any

from schemas.marc.record import Field, MarcRecord


def in_json(record: MarcRecord) -> str:
    """Write one record."""
    values = {"leader": record.leader, "fields": [{field.tag: _content(field)} for field in record.fields]}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _content(field: Field) -> Any:
    if not field.subfields:
        return field.value
    parts = [{part.code: part.value} for part in field.subfields]
    return {"subfields": parts, "ind1": field.indicators[:1], "ind2": field.indicators[1:2]}
