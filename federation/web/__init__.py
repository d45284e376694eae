"""The web door: one search box, a list, a page for every record, in Vietnamese and English.

Every page works without script; the only one there is offers what a reader may be typing.

One room for each thing a reader does: `search`, `record`, `discovery`. In each: `request` (what was asked) → `answer`
(what we say) → a template (how it is written), and thin `views`. What all rooms share is here: the `ground` they stand
on, `language`, `labels`, `delivery`, `policy`, `problems`, `health`, `templates`, `static`. No room's views know those
of another.
"""
