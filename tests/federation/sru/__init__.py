"""Tests of the SRU door."""
