"""Tests of `lienthong sources`."""
