"""Tests of `lienthong records`."""
