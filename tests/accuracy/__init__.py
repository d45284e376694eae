"""How right matching is, on labelled pairs. `make accuracy` runs it, docs/reference/accuracy.md explains it."""
