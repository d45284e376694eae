"""Zebra (Debian idzebra-2.0) as a server of SRU and Z39.50: an index of ISO 2709 files on a loopback port.

In: files, and an empty folder. Out: a `Zebra` that can be killed and started again; `settings` writes the text that
every index of it needs. SRU gives MARCXML, Z39.50 MARC 21 too. CQL indexes: rec.id (001), dc.date (year of 008),
rec.changed (day of 005), dc.title; in Z39.50 they are the use attributes id, year, changed, title.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.peers import free_port, program, wait_for_port

TABLES = Path("/usr/share/idzebra-2.0/tab")
_SETTINGS = """profilePath: {profile}:{tables}
attset: bib1.att
recordtype: {kind}
encoding: utf-8
storekeys: 1
storedata: 1
register: {folder}/register:{size}
lockDir: {folder}/lock
memmax: {memory}
"""
_DOM = """<dom xmlns="http://indexdata.com/zebra-2.0">
<extract name="index"><xslt stylesheet="{folder}/index.xsl"/></extract>
<retrieve name="marcxml"/>
<input syntax="usmarc"><marc inputcharset="{charset}"/></input>
</dom>
"""
_INDEX = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0">
<xsl:template match="/"><xsl:apply-templates select="//m:record"/></xsl:template>
<xsl:template match="m:record"><z:record z:id="{normalize-space(m:controlfield[@tag='001'])}">
<z:index name="id:0"><xsl:value-of select="normalize-space(m:controlfield[@tag='001'])"/></z:index>
<z:index name="year:y"><xsl:value-of select="substring(m:controlfield[@tag='008'], 8, 4)"/></z:index>
<z:index name="changed:0"><xsl:value-of select="substring(m:controlfield[@tag='005'], 1, 8)"/></z:index>
<xsl:for-each select="m:datafield[@tag='245']/m:subfield[@code='a']">
<z:index name="title:w"><xsl:value-of select="."/></z:index></xsl:for-each>
</z:record></xsl:template></xsl:stylesheet>
"""
_CQL = """set.cql = info:srw/cql-context-set/1/cql-v1.2
set.rec = info:srw/cql-context-set/2/rec-1.1
set.dc = info:srw/cql-context-set/1/dc-v1.1
set = info:srw/cql-context-set/1/dc-v1.1
index.cql.allRecords = 1=_ALLRECORDS 2=103
index.cql.serverChoice = 1=title
index.rec.id = 1=id 4=3
index.rec.changed = 1=changed 4=3
index.dc.date = 1=year 4=4
index.dc.title = 1=title
relation.< = 2=1
relation.le = 2=2
relation.eq = 2=3
relation.exact = 2=3
relation.ge = 2=4
relation.> = 2=5
relation.scr = 2=3
position.any = 3=3 6=1
structure.* = 3=3
"""
_SERVER = """<yazgfs><listen id="here">tcp:127.0.0.1:{port}</listen><server id="zebra" listenref="here">
<directory>{folder}</directory><config>zebra.cfg</config><cql2rpn>cql.properties</cql2rpn>
<retrievalinfo><retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/>
<retrieval syntax="usmarc"><backend syntax="xml" name="marcxml"><marc inputformat="xml" outputformat="marc"
 inputcharset="utf-8" outputcharset="utf-8"/></backend></retrieval></retrievalinfo>
<explain xmlns="http://explain.z3950.org/dtd/2.0/"><serverInfo protocol="SRU" version="1.2"><host>127.0.0.1</host>
<port>{port}</port><database>Default</database></serverInfo><databaseInfo><title>Zebra</title></databaseInfo>
<indexInfo><index><map><name set="rec">id</name></map></index><index><map><name set="dc">date</name></map></index>
<index><map><name set="rec">changed</name></map></index></indexInfo>
<schemaInfo><schema name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"><title>MARCXML</title></schema>
</schemaInfo></explain></server></yazgfs>
"""


@dataclass
class Zebra:
    """A running server."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        """The address of its database by SRU."""
        return f"http://127.0.0.1:{self.port}/Default"

    @property
    def target(self) -> str:
        """The address of its database by Z39.50."""
        return f"z3950://127.0.0.1:{self.port}/Default"

    def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it again at its address."""
        self.process = _started(self.folder, self.port)


def settings(folder: Path, kind: str, size: str = "4G", memory: int = 20) -> Path:
    """Write the settings of an index of one kind of records into a folder, with room for it, and give their file."""
    for name in ("register", "lock"):
        (folder / name).mkdir(parents=True)
    file = folder / "zebra.cfg"
    file.write_text(_SETTINGS.format(profile=folder, tables=TABLES, kind=kind, folder=folder, size=size, memory=memory))
    return file


@contextmanager
def zebra(folder: Path, files: Sequence[Path], charset: str = "utf-8") -> Iterator[Zebra]:
    """Index files and serve them until the block ends; skips with a reason where Zebra is missing."""
    indexer = program("zebraidx", "idzebra-2.0-utils")
    program("zebrasrv", "idzebra-2.0")
    port = free_port()
    settings(folder, f"dom.{folder}/dom.xml")
    for name, text in (("dom.xml", _DOM), ("server.xml", _SERVER)):
        (folder / name).write_text(text.format(folder=folder, port=port, charset=charset))
    (folder / "index.xsl").write_text(_INDEX)
    (folder / "cql.properties").write_text(_CQL)
    for arguments in (["init"], *(["update", str(file)] for file in files), ["commit"]):
        command = [indexer, "-c", str(folder / "zebra.cfg"), "-l", str(folder / "log"), *arguments]
        subprocess.run(command, check=arguments != ["commit"], capture_output=True)
    running = Zebra(folder, port, _started(folder, port))
    try:
        yield running
    finally:
        running.kill()


def _started(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    # In one process (-S): killing it kills the server.
    command = [program("zebrasrv", "idzebra-2.0"), "-S", "-f", "server.xml", "-l", str(folder / "served")]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for_port(port)
    return process
