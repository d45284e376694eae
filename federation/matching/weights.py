"""What each agreement and disagreement weighs, in one table.

A weight is in bits: how much likelier the observation is between two records of one publication than between records
of two (Fellegi and Sunter 1969), the base-2 logarithm of the quotient, rounded to halves. Their sum decides. `VETO`
and `DOUBT` are no measures but rules: what a cataloguer knows can never be one publication, or must be looked at.
"""

from typing import Final

#: both records state something that can never be of one publication
VETO: Final = -100.0
#: one record states what may be a difference: a person decides, however much else agrees
DOUBT: Final = -50.0

#: sums from which a pair is the same, or goes to a person; a sum of `FULL` is score 1
SAME: Final = 14.0
UNSURE: Final = 10.0
FULL: Final = 20.0
#: title, names and numbers together: from this on two records are of one work
RELATED: Final = 10.0

#: letters of the title that agree -> weight. A title of one short word says little
TITLE: Final = ((6, 3.0), (9, 5.0), (14, 6.0), (20, 7.0), (39, 9.0), (9999, 10.0))
#: laws: texts that many houses print in one year say no more than this
TITLE_LAW: Final = 5.0
#: of a law only one record tells what is printed with it
TITLE_LAW_SUBTITLE: Final = -2.0
#: only one record has a subtitle
TITLE_SUBTITLE: Final = -0.5
#: the same where the title proper is one of many (Kỷ yếu hội thảo, Tuyển tập)
TITLE_COMMON_SUBTITLE: Final = -4.0
#: both have one, worded otherwise, under one number
SUBTITLE_DIFFERS: Final = -4.0
#: both tell the genre, and it differs: thơ, văn xuôi
TITLE_OTHER_GENRE: Final = -8.0
#: the letters agree, the tones do not, under one ISBN, LCCN or OCLC number; without it a veto
TITLE_TONES: Final = -4.0
#: a short title compared without tones, because one record writes none
TITLE_UNTONED: Final = -1.5
#: one title goes on where the other ends, without a mark: for numbers and names to confirm
TITLE_CONTAINED: Final = -6.0
#: the same with a long title, which a list may have cut short
TITLE_CUT: Final = -3.0
#: titles of different books: nothing else is looked at
TITLE_OTHER: Final = -20.0
#: one letter differs in a long title
TITLE_NEAR: Final = -3.5

#: a name in both: by its rarity, up to this
NAMES_MOST: Final = 7.0
NAMES_DIFFER: Final = -7.0
#: of a book in Vietnamese both name a foreigner: one spelled in two ways, or two; equal pages decide
NAMES_FOREIGN: Final = -3.5
#: a name in both but for its tones: another person, or a slip
NAMES_TONES: Final = -4.0
#: a body in both; bodies that differ say little, for a book has several
BODY: Final = 3.0
BODY_STATE: Final = 1.5
BODY_DIFFERS: Final = -1.0
#: the same translator; authors that then differ are one foreigner spelled in two ways
TRANSLATOR: Final = 5.0
#: only one record names anybody, and the other's statement of responsibility does not tell the name
NAMES_UNTOLD: Final = -2.0

YEAR: Final = 4.0
#: one record is not dated; neither is
UNDATED_ONE: Final = -6.0
UNDATED_BOTH: Final = -3.0

EDITION: Final = 1.0
EDITION_WORDS_DIFFER: Final = -2.0

PUBLISHER: Final = 3.0
#: one name within the other: imprint and house, short and full name
PUBLISHER_ALIKE: Final = 1.5
#: the same, but the table knows two houses by these names (Văn hóa, Văn hóa dân tộc)
PUBLISHER_NAMESAKE: Final = -2.0
#: other houses under one ISBN, LCCN or OCLC number; without it a doubt, and a veto where the table knows both
PUBLISHER_DIFFERS: Final = -4.0
PLACE: Final = 0.5
PLACE_DIFFERS: Final = -1.0

PAGES: Final = 4.0
PAGES_NEAR: Final = 1.5
PAGES_OFF: Final = -1.0

ISBN: Final = 14.0
ISSN: Final = 9.0
LCCN: Final = 9.0
LCCN_DIFFERS: Final = -5.0
OCLC: Final = 9.0
OCLC_DIFFERS: Final = -1.0
STANDARD: Final = 8.0

#: of articles
FIRST_PAGE: Final = 4.0
NUMBER: Final = 1.0
CLASS: Final = 1.5
CLASS_NEAR: Final = 0.5
CLASS_DIFFERS: Final = -1.5
SERIES: Final = 1.0
LANGUAGE: Final = 0.5
#: the profiles are equal and tell more than a title
ALIKE: Final = 2.0
