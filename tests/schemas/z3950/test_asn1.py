"""The ASN.1 texts, the JSON made of them and the standard hold together; the package needs no compiler."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hat import asn1

from schemas.z3950 import codec
from tests.schemas.z3950.compile import COMPILED, compiled

Types = dict[str, Any]
HIDDEN = "import sys; sys.modules['hat'] = None; "


def named(types: list[Any]) -> Types:
    return {name: definition for (_, _, name), definition in types}


@pytest.fixture(scope="module")
def ours() -> Types:
    return named(json.loads(COMPILED.read_text("utf-8")))


def test_the_json_is_what_the_texts_say() -> None:
    assert COMPILED.read_text("utf-8") == compiled(), "run `python -m tests.schemas.z3950.compile`"


def test_messages_are_written_without_a_compiler() -> None:
    script = f"{HIDDEN}from schemas.z3950 import codec, session; print(codec.encode(session.Close()).hex())"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "bf30059f81530100"


def test_every_binding_names_a_type_that_there_is(ours: Types) -> None:
    from schemas.z3950 import browsing, charsets, records, retrieval, rpn, session, values

    parts = (values, rpn, session, retrieval, browsing, records, charsets)
    names = [name for part in parts for name in part.BINDINGS]
    assert len(names) == len(set(names)), "a type bound twice"
    assert not set(names) - set(ours)
    assert set(codec._PDU) == {name for name, _ in ours["PDU"][1]}


# --- against the text that YAZ is built from --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def theirs(shared_data: Path) -> Types:
    """YAZ's own ASN.1, which is the standard's; only what hat-asn1 cannot read of it is rewritten."""
    folder = shared_data / "asn1" / "yaz"
    text = (folder / "z3950v3.asn").read_text("utf-8")
    text = re.sub(r"-- OID for this definition.*", "", text)
    text = re.sub(r"EXPORTS.*?;", "", text, flags=re.DOTALL).replace("ANY,", "ABSTRACT-SYNTAX.&Type,")
    found: Types = {}
    wanted = ("Z39-50-APDU-1995", "RecordSyntax-SUTRS", "RecordSyntax-opac", "RecordSyntax-generic")
    for name in wanted:
        module = re.search(rf"^{name}\b.*?^END", text, re.DOTALL | re.MULTILINE)
        assert module is not None, name
        found |= named(asn1.repository_to_json(asn1.create_repository(_readable(module[0]))))
    negotiation = (folder / "charneg-3.asn").read_text("utf-8")
    negotiation = negotiation.replace("END", "LanguageCode ::= GeneralString\nEND")
    return found | named(asn1.repository_to_json(asn1.create_repository(_readable(negotiation))))


def _readable(module: str) -> str:
    text = re.sub(r"SEQUENCE +OF", "SEQUENCE OF", re.sub(r"--.*", "", module))
    name = text.split()[0]
    return f"{name} DEFINITIONS ::= BEGIN\n" + re.sub(
        r"IMPORTS.*?;", "", text[text.index("BEGIN") + 5 :], flags=re.DOTALL
    )


def test_every_type_is_that_of_the_standard(ours: Types, theirs: Types) -> None:
    Comparison(ours, theirs).same(["TypeRef", "", "PDU"], ["TypeRef", "", "PDU"], "PDU")
    for name in ("SutrsRecord", "OPACRecord", "GenericRecord", "CharSetandLanguageNegotiation"):
        Comparison(ours, theirs).same(["TypeRef", "", name], ["TypeRef", "", name], name)


class Comparison:
    """Walks two definitions of a type side by side; a tagged CHOICE or ANY is explicit in either (X.680, 31.2.7)."""

    def __init__(self, ours: Types, theirs: Types) -> None:
        self.ours, self.theirs = ours, theirs
        self.seen: set[tuple[str, str]] = set()

    def same(self, a: Any, b: Any, where: str) -> None:
        if a[0] == b[0] == "TypeRef":
            if (a[2], b[2]) in self.seen:
                return
            self.seen.add((a[2], b[2]))
        a, b = meant(self.ours, a), meant(self.theirs, b)
        if a in (["EntityType"], ["SequenceType", []]):
            return  # carried as it is, or passed over
        assert a[0] == b[0], where
        getattr(self, a[0], self.plain)(a, b, where)

    def plain(self, a: Any, b: Any, where: str) -> None:
        assert a == b, where

    def PrefixedType(self, a: Any, b: Any, where: str) -> None:  # noqa: N802
        assert a[2:4] == b[2:4], where
        assert implicit(self.ours, a) == implicit(self.theirs, b), where
        self.same(a[1], b[1], where)

    def SequenceOfType(self, a: Any, b: Any, where: str) -> None:  # noqa: N802
        self.same(a[1], b[1], f"{where}[]")

    def SequenceType(self, a: Any, b: Any, where: str) -> None:  # noqa: N802
        assert [(name, optional) for name, _, optional in a[1]] == [(name, optional) for name, _, optional in b[1]], (
            where
        )
        for (name, mine, _), (_, other, _) in zip(a[1], b[1], strict=True):
            self.same(mine, other, f"{where}.{name}")

    def ChoiceType(self, a: Any, b: Any, where: str) -> None:  # noqa: N802
        others = dict(b[1])
        left_out = set(others) - {name for name, _ in a[1]}
        assert all(name.startswith("duplicateDetection") for name in left_out), (where, left_out)
        for name, mine in a[1]:
            self.same(mine, others[name], f"{where}.{name}")


def meant(types: Types, definition: Any) -> Any:
    while definition[0] == "TypeRef":
        definition = types[definition[2]]
    return definition


def implicit(types: Types, tagged: Any) -> bool:
    return bool(tagged[4]) and meant(types, tagged[1])[0] not in ("ChoiceType", "EntityType")
