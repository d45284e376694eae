"""XML Schemas of others, compiled offline: every import is resolved by its file name under the folder `xsd`."""

from functools import cache
from pathlib import Path

from lxml import etree


class _ByFileName(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.files = {path.name: path for path in folder.rglob("*.xsd")}

    def resolve(self, system_url, public_id, context):
        name = str(system_url).rpartition("/")[2]
        if name in self.files:
            return self.resolve_filename(str(self.files[name]), context)
        raise FileNotFoundError(f"no schema file {name} stands for the import {system_url}")


@cache
def schema(shared_data: Path, name: str) -> etree.XMLSchema:
    """Compile `xsd/<name>` ("mods/mods-3-7.xsd"); asked for again it is the same object."""
    folder = shared_data / "xsd"
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_ByFileName(folder))
    return etree.XMLSchema(etree.parse(str(folder / name), parser))


def faults(compiled: etree.XMLSchema, content: str | bytes) -> list[str]:
    """Give what the schema finds wrong with a document; an empty list means that it is valid."""
    tree = etree.fromstring(content.encode() if isinstance(content, str) else content)
    if compiled.validate(tree):
        return []
    return [f"line {one.line}: {one.message}" for one in compiled.error_log]
