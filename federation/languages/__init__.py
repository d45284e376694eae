"""The languages the house speaks to its readers, as data: a folder for each, with its words in one file.

In: `translations/<code>/LC_MESSAGES/messages.po` (GNU gettext) in the package and in the home. Out: `Languages`; every
`Language` knows its own name, its words, the captions of the house's tables, how it writes numbers and days.
"""
