"""Matching: which records are the same publication, and what their union looks like. Thought only: values in, values
out.
"""

from typing import Final

#: raise it when keys, comparison, plan or merge would decide otherwise; the stages then run again by themselves
RULES: Final = 4
