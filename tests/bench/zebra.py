"""Zebra, the peer of the import: an index of the same ISO 2709 file made by `zebraidx update`.

In: a `Sample` and a folder. Out: seconds. Two ways to index: `grs` (Zebra's own profile for USMARC) and `dom` (MARC to
XML to a stylesheet, as today's library systems run it; the stylesheet here names what our index holds too).
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.bench.sample import Sample
from tests.bench.timing import seconds
from tests.support.zebra import TABLES, settings

NEEDED = "zebraidx (Debian idzebra-2.0)"
_DOM = """<dom xmlns="http://indexdata.com/zebra-2.0">
<extract name="index"><xslt stylesheet="{folder}/index.xsl"/></extract>
<retrieve name="marcxml"/>
<input syntax="usmarc"><marc inputcharset="utf-8"/></input>
</dom>
"""
#: index of Zebra -> fields of MARC
_INDEXED: Mapping[str, str] = {
    "title": "240 245 246 247",
    "author": "100 110 111 700 710 711",
    "subject": "600 610 611 630 650 651",
    "publisher": "260 264",
    "series": "440 490 830",
    "isbn": "020",
    "issn": "022",
    "note": "500 504 505 520",
}


def there() -> bool:
    """Tell whether Zebra is installed."""
    return shutil.which("zebraidx") is not None and TABLES.is_dir()


def index(folder: Path, sample: Sample, kind: str = "grs") -> float:
    """Index a file into an empty folder and give the seconds it took; raises when a record is missing from it."""
    folder.mkdir(parents=True)
    settings(folder, "grs.marc.usmarc" if kind == "grs" else _dom(folder), size="40G", memory=100)
    _zebraidx(folder, "init")
    took = seconds(lambda: _zebraidx(folder, "update", str(sample.path)))
    counts = re.findall(r"Records: +(\d+) i/u/d", (folder / "log").read_text())
    if not counts or int(counts[-1]) != sample.records:
        raise RuntimeError(f"zebraidx update of {sample.path}: {counts[-1:]} of {sample.records} records were indexed")
    shutil.rmtree(folder)
    return took


def _zebraidx(folder: Path, *arguments: str) -> None:
    command = ["zebraidx", "-c", str(folder / "zebra.cfg"), "-f", "0", "-l", str(folder / "log"), *arguments]
    subprocess.run(command, check=True, capture_output=True)


def _dom(folder: Path) -> str:
    (folder / "dom.xml").write_text(_DOM.format(folder=folder))
    (folder / "index.xsl").write_text(_stylesheet())
    return f"dom.{folder}/dom.xml"


def _stylesheet() -> str:
    rules = "".join(_rule(name, fields) for name, fields in _INDEXED.items())
    return (
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
        'xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0">'
        '<xsl:template match="/"><xsl:apply-templates select="//m:record"/></xsl:template>'
        '<xsl:template match="m:record"><z:record z:id="{m:controlfield[@tag=\'001\']}">'
        f'<xsl:apply-templates select="m:datafield"/></z:record></xsl:template>{rules}'
        '<xsl:template match="m:datafield"><z:index name="any:w">'
        '<xsl:for-each select="m:subfield"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each>'
        "</z:index></xsl:template></xsl:stylesheet>"
    )


def _rule(name: str, fields: str) -> str:
    match = " or ".join(f"@tag='{tag}'" for tag in fields.split())
    return (
        f'<xsl:template match="m:datafield[{match}]" priority="1"><z:index name="any:w {name}:w {name}:p">'
        '<xsl:for-each select="m:subfield"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each>'
        "</z:index></xsl:template>"
    )
