"""Another library's catalogue: Zebra set up as Koha does it, asked by Z39.50 (Bib-1, MARC 21 and XML) and by SRU.

In: files of ISO 2709 and an empty folder. Out: the port of both protocols. Its CQL has no relation `all`, as that of
many installations.
"""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.peers import free_port, program, wait_for_port

_SETTINGS = """profilePath: {folder}:/usr/share/idzebra-2.0/tab
attset: bib1.att
recordtype: dom.{folder}/dom.xml
storekeys: 1
storedata: 1
register: {folder}/register:4G
lockDir: {folder}/lock
memmax: 20
"""
_DOM = """<dom xmlns="http://indexdata.com/zebra-2.0">
<extract name="index"><xslt stylesheet="{folder}/index.xsl"/></extract>
<retrieve name="marcxml"/>
<input syntax="usmarc"><marc inputcharset="utf-8"/></input>
</dom>
"""
#: fields and subfields of each index, by its name in bib1.att
_FIELDS = {"Title": ("245", "a"), "Author": ("100", "a"), "Subject-heading": ("650", "a"), "ISBN": ("020", "a")}
_INDEX = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0">
<xsl:template match="/"><xsl:apply-templates select="//m:record"/></xsl:template>
<xsl:template match="m:record"><z:record z:id="{normalize-space(m:controlfield[@tag='001'])}">
<z:index name="Local-number:w Local-number:0"><xsl:value-of select="m:controlfield[@tag='001']"/></z:index>
<z:index name="Date-of-publication:y Date-of-publication:w"><xsl:value-of
 select="substring(m:controlfield[@tag='008'], 8, 4)"/></z:index>
%s</z:record></xsl:template></xsl:stylesheet>
"""
_ROW = """<xsl:for-each select="m:datafield[@tag='{tag}']/m:subfield[@code='{code}']">
<z:index name="{name}:w {name}:p Any:w Any:p"><xsl:value-of select="."/></z:index></xsl:for-each>
"""
_CQL = """set.cql = info:srw/cql-context-set/1/cql-v1.2
set.dc = info:srw/cql-context-set/1/dc-v1.1
set.bath = http://zing.z3950.org/cql/bath/2.0/
index.cql.serverChoice = 1=1016
index.dc.title = 1=4
index.dc.creator = 1=1003
index.dc.subject = 1=21
index.dc.date = 1=31 4=4
index.bath.isbn = 1=7
relation.< = 2=1
relation.le = 2=2
relation.eq = 2=3
relation.ge = 2=4
relation.> = 2=5
relation.scr = 2=3
position.any = 3=3 6=1
structure.* = 4=1
"""
_SERVER = """<yazgfs><listen id="here">tcp:127.0.0.1:{port}</listen><server id="zebra" listenref="here">
<directory>{folder}</directory><config>zebra.cfg</config><cql2rpn>cql.properties</cql2rpn>
<retrievalinfo>
<retrieval syntax="usmarc" name="F"><backend syntax="xml" name="marcxml"><marc inputformat="xml" outputformat="marc"
 inputcharset="utf-8" outputcharset="utf-8"/></backend></retrieval>
<retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/>
<retrieval syntax="xml" name="F"><backend syntax="xml" name="marcxml"/></retrieval>
</retrievalinfo></server></yazgfs>
"""


@contextmanager
def zebra_catalogue(folder: Path, files: Sequence[Path]) -> Iterator[int]:
    """Index files and serve them until the block ends; skips with a reason where Zebra is missing."""
    indexer, server, port = program("zebraidx", "idzebra-2.0-utils"), program("zebrasrv", "idzebra-2.0"), free_port()
    for name in ("register", "lock"):
        (folder / name).mkdir(parents=True)
    for name, text in (("zebra.cfg", _SETTINGS), ("dom.xml", _DOM), ("server.xml", _SERVER)):
        (folder / name).write_text(text.format(folder=folder, port=port))
    rows = "".join(_ROW.format(name=name, tag=tag, code=code) for name, (tag, code) in _FIELDS.items())
    (folder / "index.xsl").write_text(_INDEX % rows)
    (folder / "cql.properties").write_text(_CQL)
    for arguments in (["init"], *(["update", str(file)] for file in files)):
        command = [indexer, "-c", str(folder / "zebra.cfg"), "-l", str(folder / "log"), *arguments]
        subprocess.run(command, check=True, capture_output=True)
    command = [server, "-S", "-f", "server.xml", "-l", str(folder / "served")]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            yield port
        finally:
            process.kill()
