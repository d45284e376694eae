"""The API: the catalogue as JSON for other people's programs, `/api/v1`, described by `/api/openapi.json`.

`request` (what was asked) → `answer` (what we say, as `shapes`) → JSON; `document` describes all of it; `views` is
HTTP.
"""
