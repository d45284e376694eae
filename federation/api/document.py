"""The OpenAPI 3.1 document, made from the tables and the shapes: it cannot say anything that the API does not do.

In: the name and address of the catalogue. Out: the document as values. Schemas are msgspec's, from the very structs
that are sent; parameters are those that requests are held to. A library that brings a framework of its own (flask-
smorest, APIFlask) would read and write through marshmallow, several times the time of the search, and pass over what it
does not know.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from federation.api.parameters import ROOT, VERSION, Operation, Parameter
from federation.api.problems import MEDIA_TYPE, PROBLEMS
from federation.api.shapes import SHAPES, Problem

_ALWAYS: Final = ("parameter-unknown", "parameter-invalid", "too-many-requests", "fault", "not-ready")
_REFERENCE: Final = "#/components/schemas/{name}"
_ETAG: Final = {"description": "Changes when the answer does.", "schema": {"type": "string"}}
_AFTER: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_LOCATION: Final = {"Location": {"description": "Address of the successor.", "schema": {"type": "string"}}}


def document(name: str, public_url: str, email: str, operations: Iterable[Operation]) -> dict[str, Any]:
    """Give the whole document."""
    _, schemas = msgspec.json.schema_components(SHAPES, ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{name}: API",
            "version": VERSION.removeprefix("v") + ".0.0",
            "description": (
                "A union catalogue of libraries, for programs: read only, without a key. Every answer is JSON, every "
                "refusal is a problem (RFC 9457). Parameters that are not named here are refused."
            ),
            "contact": {"email": email},
        },
        "servers": [{"url": public_url}],
        "security": [],
        "paths": {f"{ROOT}{operation.path}": {"get": _operation(operation)} for operation in operations},
        "components": {"schemas": schemas},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [_parameter(each) for each in operation.parameters],
        "responses": _responses(operation),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(parameter.schema)
    inside = {"name": parameter.name, "in": parameter.inside, "description": parameter.description}
    if parameter.inside == "path":
        return {**inside, "required": True, "schema": schema}
    if parameter.most > 1:
        several = {"type": "array", "items": schema, "maxItems": parameter.most}
        return {**inside, "schema": several, "style": "form", "explode": True}
    return {**inside, "schema": schema}


def _responses(operation: Operation) -> dict[str, Any]:
    found = {
        "200": {
            "description": " ".join((operation.gives.__doc__ or "").split()),
            "headers": {"ETag": _ETAG},
            "content": {"application/json": {"schema": _referred(operation.gives)}},
            **_links(operation),
        },
        "304": {"description": "It has not changed since you were given it with this ETag."},
    }
    codes = (*_ALWAYS, *operation.problems, *(("record-moved",) if operation.moves else ()))
    for status in sorted({PROBLEMS[code][0] for code in codes}):
        found[str(status)] = _refusal(status, [code for code in codes if PROBLEMS[code][0] == status])
    return found


def _refusal(status: int, codes: Iterable[str]) -> dict[str, Any]:
    headers: Mapping[str, Any] = {301: _LOCATION, 429: _AFTER, 503: _AFTER}.get(status, {})
    return {
        "description": "; ".join(f"`{code}`: {PROBLEMS[code][1]}" for code in codes),
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": _referred(Problem)}},
    }


def _links(operation: Operation) -> dict[str, Any]:
    goes_on = {
        field: {"operationId": operation.name, "parameters": {parameter: f"$response.body#/{field}"}}
        for field, parameter in operation.links.items()
    }
    return {"links": goes_on} if goes_on else {}


def _referred(shape: type) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=shape.__name__)}
