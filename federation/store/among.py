"""Asking for many rows by number with one parameter.

In: a column and any number of integers. Out: a condition. SQLAlchemy's own `IN` makes a parameter of every number, and
a text of its own for every length; with lists of some thousand that costs more than the database's answer.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Text, any_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session


def among(session: Session, column: InstrumentedAttribute[Any], numbers: Iterable[int]) -> ColumnElement[bool]:
    """Give the condition that the column has one of these values."""
    wanted = sorted(set(numbers))
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(cast(bindparam(None, wanted, ARRAY(BigInteger)), ARRAY(BigInteger)))
    given = func.json_each(bindparam(None, msgspec.json.encode(wanted).decode(), Text())).table_valued("value")
    return column.in_(select(given.c.value))
