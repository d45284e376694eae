"""Tests of the basket's room."""
