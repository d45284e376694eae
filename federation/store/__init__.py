"""The store: every table and every SQL statement of the house. Functions take a `Session` and never commit."""
