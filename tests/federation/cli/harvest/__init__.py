"""Tests of `lienthong harvest`."""
