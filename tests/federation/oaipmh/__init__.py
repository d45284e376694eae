"""Tests of the OAI-PMH door."""
