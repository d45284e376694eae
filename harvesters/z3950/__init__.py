"""Z39.50 harvesting (version 3, ISO 23950), for libraries whose system has nothing newer."""
