"""Searching the catalogues of others: what a cataloguer asks several libraries at once, to take a record over.

In: a query tree and the codes of targets. Out: what each of them answered or why it did not, each by itself
(`asking.search`). A room of its own between the doors and the pipeline: the command line and the web ask through it,
and neither can have it ask an address that no operator registered.
"""
