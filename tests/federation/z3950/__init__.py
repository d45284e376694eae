"""Tests of the Z39.50 door."""
