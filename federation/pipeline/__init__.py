"""The write side: a record's way from a source to the index, in five stages that can each be interrupted and
repeated.

`runs` is the first of them, the harvest, with all that has to be known of a source for it; `stages` are the four that
follow, and the road through them. Both work at a `workplace`; `check` walks everything afterwards.
"""
