"""The bench: how fast, how large, against whom. `make bench` runs it; docs/reference/bench.md explains its rows."""
