"""Writing many rows with one statement, for little more than what the driver takes.

In: a table or an update, and rows as mappings of its parameters. Out: nothing; the rows are written. The statement is
compiled once, and only values whose form in the database is another (times, days, JSON) are looked at; SQLAlchemy
itself would look at every value of every row, which takes as long again as SQLite's writing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import JSON, Date, Delete, Dialect, Insert, Update, bindparam, insert, update
from sqlalchemy.orm import Session

from federation.store.base import Base, Utc, table

Rows: TypeAlias = Sequence[Mapping[str, Any]]
Columns: TypeAlias = Mapping[str, Sequence[Any]]
#: types that the drivers do not take as they are
_OTHER_FORM: Final = (Utc, Date, JSON)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A compiled statement: its parameters in order, the values some have by themselves, and what gives a value the
    form in which the driver takes it.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    forms: Mapping[str, Callable[[Any], Any]]
    positional: bool


def insert_rows(session: Session, model: type[Base], rows: Rows) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        _execute(session, _inserting(model, tuple(rows[0]), session.connection().dialect), rows)


def insert_columns(session: Session, model: type[Base], columns: Columns) -> None:
    """Insert rows given column by column: very many small ones do not need a mapping each."""
    prepared = _inserting(model, tuple(columns), session.connection().dialect)
    _write(session, prepared, columns, len(next(iter(columns.values()))))


def update_rows(session: Session, statement: Update, rows: Rows) -> None:
    """Run an update once for each row, which gives its `bindparam`s their values; the caller keeps the statement."""
    if rows:
        _execute(session, _updating(statement, session.connection().dialect), rows)


def change(session: Session, statement: Update | Delete) -> None:
    """Update or delete rows of which nothing is open in this session, as nothing ever is between the stages' functions.

    SQLAlchemy would otherwise have the ids of all of them given back, to look whether it holds one.
    """
    session.execute(statement, execution_options={"synchronize_session": False})


def if_unchanged(model: type[Base]) -> Update:
    """Give the update of rows (`key`) that are still what was worked on: of this content (`hash`), `gone` or not."""
    columns = table(model).c
    followed = (columns.id == bindparam("key"), columns.content_hash == bindparam("hash"))
    return update(table(model)).where(*followed, columns.deleted == bindparam("gone"))


@lru_cache(maxsize=128)
def _inserting(model: type[Base], columns: tuple[str, ...], dialect: Dialect) -> _Prepared:
    return _prepared(insert(table(model)), list(columns), dialect)


@lru_cache(maxsize=128)
def _updating(statement: Update, dialect: Dialect) -> _Prepared:
    return _prepared(statement, None, dialect)


def _prepared(statement: Insert | Update, columns: list[str] | None, dialect: Dialect) -> _Prepared:
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
    binds = {name: bind for name, bind in compiled.binds.items() if name in compiled.params}
    forms = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
    return _Prepared(
        text=compiled.string,
        names=tuple(compiled.positiontup or binds),
        constants={name: bind.value for name, bind in binds.items() if not bind.required},
        forms={name: form for name, form in forms.items() if form and isinstance(binds[name].type, _OTHER_FORM)},
        positional=bool(compiled.positional),
    )


def _execute(session: Session, prepared: _Prepared, rows: Rows) -> None:
    varying = [name for name in prepared.names if name not in prepared.constants]
    _write(session, prepared, {name: list(map(itemgetter(name), rows)) for name in varying}, len(rows))


def _write(session: Session, prepared: _Prepared, columns: Columns, count: int) -> None:
    if not count:
        return
    values = zip(*(_column(prepared, name, columns, count) for name in prepared.names), strict=True)
    given = list(values) if prepared.positional else [dict(zip(prepared.names, row, strict=True)) for row in values]
    session.connection().exec_driver_sql(prepared.text, given)


def _column(prepared: _Prepared, name: str, columns: Columns, count: int) -> Sequence[Any]:
    if name in prepared.constants:
        return [prepared.constants[name]] * count
    values = columns[name]
    form = prepared.forms.get(name)
    if form is None:
        return values
    try:
        made = {value: form(value) for value in set(values)}  # rows say few times, and say them often
    except TypeError:  # lists, as JSON
        return list(map(form, values))
    return [made[value] for value in values]
