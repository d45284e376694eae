"""Queries: one tree, the access points it may name, and the languages that are read into it."""
