"""Languages for tests: the two that are shipped.

In: nothing. Out: `VIETNAMESE` and `ENGLISH`.
"""

from federation.languages.known import known

VIETNAMESE = known().known["vi"]
ENGLISH = known().known["en"]
