"""`lienthong clusters`: why records are one book, what a person decides about it, and what the rules would change."""
