"""The search room: one box, a list with facets, and the front page.

`request` is also the grammar of the address of a search: every other room that leads to one writes it with `address`.
"""
