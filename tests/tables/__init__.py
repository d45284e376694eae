"""Tables that tests go by: the project's own labelled pairs of records."""
