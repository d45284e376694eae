"""What each agreement and disagreement weighs, in one table.

A weight is in bits: how much likelier an observation is between two records of one publication than between records
of two, as the base-2 logarithm of the quotient (Fellegi and Sunter, A theory for record linkage, 1969), rounded. Their
sum decides. `VETO` and `DOUBT` are no measures but rules: what a cataloguer knows can never be one publication, or
must be looked at. Where a weight comes from:

- pairs: measured on the labelled pairs of `make accuracy`, 2,133 duplicates against 1,480 look-alikes (records with
  the title and mostly the author of another edition, volume or book, so that agreement weighs less than by chance)
- names: minus the logarithm of how often a word occurs in 17,804 names of Vietnamese and 13,279 of other authors
- Melinda: the sign and the order of size as in the Finnish union catalogue's published matching of records
- judged: by a cataloguer's rule, then tried on 36,930 unlabelled records, whose `same` pairs were read by eye
"""

from typing import Final

#: both records state something that can never be of one publication
VETO: Final = -100.0
#: one record states what may be a difference, or both what may be a slip: a person decides, however much else agrees
DOUBT: Final = -50.0

#: sums from which a pair is the same, or goes to a person; a sum of `FULL` is score 1. A title of middle length, the
#: author and the year are enough (45 of 45 such pairs read by eye were right), two of these are not
SAME: Final = 14.0
UNSURE: Final = 10.0
FULL: Final = 20.0
#: title, names, numbers and class together: from this on two records are of one work
RELATED: Final = 10.0

# --- title ---
#: letters of the title that agree -> weight. A title of one short word says little (judged)
TITLE: Final = ((6, 3.0), (9, 5.0), (14, 6.0), (20, 7.0), (39, 9.0), (9999, 10.0))
#: laws: texts that many houses print in one year say no more than this (judged)
TITLE_LAW: Final = 5.0
#: of a law only one record tells what is printed with it (judged)
TITLE_LAW_SUBTITLE: Final = -2.0
#: only one record has a subtitle (judged)
TITLE_SUBTITLE: Final = -0.5
#: the same where the title proper is one of many: Kỷ yếu hội thảo, Tuyển tập (judged)
TITLE_COMMON_SUBTITLE: Final = -4.0
#: both have one, worded otherwise, under one number (pairs: -6.1 without a number, where it is a doubt or veto)
SUBTITLE_DIFFERS: Final = -4.0
#: both tell the genre, and it differs: thơ, văn xuôi (judged)
TITLE_OTHER_GENRE: Final = -8.0
#: the letters agree, the tones do not, under one ISBN, LCCN or OCLC number; without it a veto (judged)
TITLE_TONES: Final = -4.0
#: a short title compared without tones, because one record writes none (judged)
TITLE_UNTONED: Final = -1.5
#: one title goes on where the other ends, without a mark: for numbers and names to confirm (judged)
TITLE_CONTAINED: Final = -6.0
#: the same with a long title, which a list may have cut short (judged)
TITLE_CUT: Final = -3.0
#: titles of different books: nothing else is looked at
TITLE_OTHER: Final = -20.0
#: one letter differs in a long title (judged)
TITLE_NEAR: Final = -3.5

# --- who made it ---
#: a name in both: by its rarity, up to this (names)
NAMES_MOST: Final = 7.0
#: nobody is in both (pairs: -2.0 beside an equal title and year; more by chance, Melinda)
NAMES_DIFFER: Final = -7.0
#: of a book in Vietnamese both name a foreigner: one spelled in two ways, or two; equal pages decide (judged)
NAMES_FOREIGN: Final = -3.5
#: a name in both but for its tones or one letter: another person, or a slip (judged)
NAMES_TONES: Final = -4.0
#: the same where two letters are one sound to those who wrote it down: Lập, Nập (judged)
NAMES_SOUND: Final = 0.0
#: only one record names anybody, and the other's statement of responsibility does not tell the name (judged)
NAMES_UNTOLD: Final = -2.0
#: only one record names anybody: International Business is the title of several books (judged)
NAMES_ONE: Final = -1.0
#: a body in both; bodies that differ say little, for a book has several (pairs: -1.4; judged)
BODY: Final = 3.0
BODY_STATE: Final = 1.5
BODY_DIFFERS: Final = -1.0
#: the same translator; another one is a veto (pairs: 1.1 and -4.4; judged: authors that then differ are one foreigner)
TRANSLATOR: Final = 5.0

# --- when and by whom it came out ---
#: pairs: 2.1 beside an equal title and author, 4 or more by chance; a year that differs is a veto (pairs: -9.3)
YEAR: Final = 4.0
#: one record is not dated; neither is (judged: it may be any printing)
UNDATED_ONE: Final = -6.0
UNDATED_BOTH: Final = -3.0
#: pairs: 3.8, but mostly where the year agrees, too; another number is a veto (pairs: -4.6)
EDITION: Final = 1.0
#: pairs: 0.5 between look-alikes, which mostly come from one house; 3 by chance among the 130 houses of the table
PUBLISHER: Final = 3.0
#: one name within the other: imprint and house, short and full name, initials (judged)
PUBLISHER_ALIKE: Final = 1.5
#: the same, but the table knows two houses by these names: Văn hóa, Văn hóa dân tộc (judged)
PUBLISHER_NAMESAKE: Final = -2.0
#: other houses under one ISBN, LCCN or OCLC number; else a doubt, and a veto where the table knows both (pairs: -4.6)
PUBLISHER_DIFFERS: Final = -4.0
#: pairs: 0.4 and -3.1; many books name two places
PLACE: Final = 0.5
PLACE_DIFFERS: Final = -1.0
#: two serials of one place and one house or body: by these ISSN centres tell apart what has one title (judged)
SERIAL: Final = 2.5

# --- how it looks ---
#: pairs: 3.5; a difference of more than a tenth is a doubt, of three tenths a veto (pairs: -4.0)
PAGES: Final = 4.0
#: by chance two books of 400 pages or more agree in 10.5 bits and more, shorter ones in 6 to 9 (10,815 books of the
#: Library of Congress); look-alikes agree more often
PAGES_MANY: Final = 6.0
#: with or without preliminary pages (judged)
PAGES_NEAR: Final = 1.5
PAGES_OFF: Final = -1.0
#: of articles (judged)
FIRST_PAGE: Final = 4.0
#: an article in one journal; in one volume, issue or year of it. Another one is a veto or a doubt (Melinda; judged)
HOST: Final = 2.0
HOST_PART: Final = 2.0

# --- numbers ---
#: judged: alone it is enough with a title; pairs: 1.5, because numbers that publishers used twice were looked for
ISBN: Final = 14.0
ISSN: Final = 9.0
#: pairs: 7.5 and 7.0. Another LCCN is a doubt: one publication gets one; OCLC has several of many (judged)
LCCN: Final = 9.0
OCLC: Final = 9.0
OCLC_DIFFERS: Final = -4.0
#: TCVN 7064 (judged)
STANDARD: Final = 8.0
#: each number in the title or of a part that agrees (pairs: 1.5); one that differs is a veto (pairs: -8.5)
NUMBER: Final = 1.0

# --- the rest ---
#: pairs: 0.1 between look-alikes and -3.1; judged: the Dewey number of one library and another's
CLASS: Final = 1.5
CLASS_NEAR: Final = 0.5
CLASS_DIFFERS: Final = -1.5
#: pairs: 2.9; another volume of the series is a veto (pairs: -3.3)
SERIES: Final = 1.0
#: pairs: 4.9, but those came with numbers; another language is a veto (pairs: -4.0)
LANGUAGE: Final = 0.5
#: the profiles are equal and tell more than a title (judged)
ALIKE: Final = 2.0
