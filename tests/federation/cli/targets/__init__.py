"""Tests of `lienthong targets`."""
