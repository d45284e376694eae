"""The Z39.50 door: search, present, scan and sort, for library systems (ISO 23950, version 2 and 3)."""
