"""Coverage-guided fuzzing of what strangers' bytes reach first; `make fuzz SECONDS=600`. See CONTRIBUTING.md."""
