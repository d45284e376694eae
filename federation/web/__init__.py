"""The web door: one search box, a list, a page for every record, in Vietnamese and English, without script.

`request` (what was asked) → `answer`, `description` (what we say) → `templates` (how it is written); `views` is HTTP.
"""
