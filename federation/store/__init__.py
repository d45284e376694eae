"""The store: every table and every SQL statement of the house. Functions take a `Session` and never commit."""

from sqlalchemy.orm import Session

from federation.store.engine import Database

__all__ = ["Database", "Session"]
