"""The tables of `docs/reference/api.md`: addresses, parameters and problems of the API as the code has them.

In: nothing. Out: heads and lines.
"""

from collections.abc import Iterable

from federation.api.parameters import ROOT, Parameter, spoken
from federation.api.problems import PROBLEMS
from federation.languages.known import known

#: a home may add others
SHIPPED = [language.code for language in known()]
Table = tuple[tuple[str, ...], Iterable[tuple[str, ...]]]


def addresses() -> Table:
    """Give every address with what it is for."""
    head = ("address", "gives", "parameters")
    return head, (
        (
            f"`{ROOT}{each.path}`",
            each.description,
            ", ".join(f"`{parameter.name}`" for parameter in each.parameters if parameter.inside == "query"),
        )
        for each in spoken(SHIPPED).values()
    )


def parameters() -> Table:
    """Give every parameter once for each address that knows it."""
    head = ("address", "parameter", "meaning", "value")
    return head, (
        (f"`{ROOT}{each.path}`", f"`{parameter.name}`", parameter.description, _value(parameter))
        for each in spoken(SHIPPED).values()
        for parameter in each.parameters
    )


def problems() -> Table:
    """Give every problem with its status."""
    return ("code", "status", "meaning"), (
        (f"`{code}`", str(status), said) for code, (status, said) in PROBLEMS.items()
    )


def _value(parameter: Parameter) -> str:
    schema = parameter.schema
    if "enum" in schema:
        said = ", ".join(f"`{choice}`" for choice in schema["enum"])
    elif schema.get("type") == "integer":
        said = f"{schema['minimum']} to {schema['maximum']}, usually {schema['default']}"
    elif "anyOf" in schema:
        said = "a day or a time (RFC 3339)"
    else:
        said = f"up to {schema['maxLength']:,} characters"
    return f"{said}; up to {parameter.most} of them" if parameter.most > 1 else said
