"""The API: the catalogue as JSON for other people's programs, `/api/v1`, described by `/api/openapi.json`.

`request` (what was asked) → `answer` and `following` (what we say of what there is and of what changed, as `shapes`) →
JSON; `document` describes all of it; `views` is HTTP.
"""
