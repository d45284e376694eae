"""Tests of `lienthong clusters`."""
