"""Tests of `lienthong demo`."""
