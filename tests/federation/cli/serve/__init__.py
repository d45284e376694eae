"""Tests of `lienthong serve`."""
