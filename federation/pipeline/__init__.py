"""The write side: a record's way from a source to the index, in five stages that can each be interrupted and
repeated.
"""
