"""What the models are made of: the root class, our own types of columns, what each dialect needs to hear.

In: nothing. Out: `Base`, `Utc`, `Key` and pieces of table definitions that mean the same on SQLite and PostgreSQL.
"""

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase

#: SQLite gives row ids only to INTEGER primary keys; PostgreSQL needs BIGINT for millions of rows over years.
Key: Final = BigInteger().with_variant(Integer, "sqlite")


class Utc(TypeDecorator[datetime]):
    """An aware UTC time; SQLite stores it without zone, so the zone is put on and checked here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they are a fault of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give aware UTC times back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of the models; the naming convention lets migrations name every constraint."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy's own way of declaring it)
        datetime: Utc,
        date: Date,
        dict[str, Any]: JSON,
        str: Text,
        bytes: LargeBinary,
        bool: Boolean,
    }


def table(model: type[Base]) -> Table:
    """Give the table of a model, for statements that write many rows at once."""
    found = model.__table__
    assert isinstance(found, Table)  # noqa: S101  (every model here is a plain table)
    return found


#: SQLite keeps such a table in the order of its primary key: one tree to write in instead of two
BY_KEY: Final = {"sqlite_with_rowid": False}


def pending_index(table: str, key: str = "id") -> Index:
    """Give the partial index that finds what is marked in a table."""
    # Each dialect uses the index only when a query says the same words: `pending = 1` here, `pending` there.
    return Index(f"ix_{table}_pending", key, sqlite_where=text("pending = 1"), postgresql_where=text("pending"))
