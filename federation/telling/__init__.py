"""Telling an operator by mail and webhook what he should know.

In: a `Digest` and the settings. Out: one mail, one POST; or an error that names the server and what it said, and never
a password. Nothing here knows the catalogue or the database.
"""
