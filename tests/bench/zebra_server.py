"""zebrasrv (Debian idzebra-2.0) over the same ISO 2709 file, for Z39.50 and SRU on one port.

In: a folder and a `Sample`. Out: a `Server`. The index is made with Zebra's own profile for USMARC, to which ISBN,
subjects and the year of 008 are added, because the queries ask for them; SRU gets its records as MARCXML.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.sample import Sample
from tests.bench.sessions import Server
from tests.bench.zebra import TABLES
from tests.support.peers import free_port, wait_for_port

NEEDED = "zebrasrv (Debian idzebra-2.0)"
_SETTINGS = """profilePath: {folder}:{tables}
attset: bib1.att
recordtype: grs.marc.usmarc
storekeys: 1
storedata: 1
register: {folder}:40G
lockDir: {folder}
memmax: 100
"""
_NOT_OURS = re.compile(r"^elm 008.*$", re.MULTILINE)
#: what Zebra's own profile does not index
_ADDED = """
elm 008/?		other			Date-of-publication:y:range(data,7,4)
elm 020			ISBN			-
elm 020/?		ISBN			-
elm 020/?/a		ISBN			!:w
"""
_SUBJECTS = "".join(
    f"elm {tag} Subject-heading -\nelm {tag}/? Subject-heading !:w,!:p\n" for tag in ("600", "610", "650", "651")
)
_SERVER = """<yazgfs><listen id="here">tcp:127.0.0.1:{port}</listen><server id="zebra" listenref="here">
<directory>{folder}</directory><config>zebra.cfg</config><cql2rpn>cql.properties</cql2rpn>
<retrievalinfo><retrieval syntax="usmarc" name="F"/><retrieval syntax="usmarc"/>
<retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"><backend syntax="usmarc" name="F">
<marc inputformat="marc" outputformat="marcxml" inputcharset="utf-8"/></backend></retrieval></retrievalinfo>
</server></yazgfs>
"""
_CQL = """set.cql = info:srw/cql-context-set/1/cql-v1.2
set.dc = info:srw/cql-context-set/1/dc-v1.1
index.cql.serverChoice = 1=1016
index.dc.title = 1=4
index.dc.creator = 1=1003
relation.eq = 2=3
relation.exact = 2=3
relation.scr = 2=3
position.any = 3=3 6=1
structure.* = 4=1
"""


def there() -> bool:
    """Tell whether Zebra is installed."""
    return shutil.which("zebrasrv") is not None and shutil.which("zebraidx") is not None and TABLES.is_dir()


@contextmanager
def served(folder: Path, sample: Sample) -> Iterator[Server]:
    """Index a file and serve it until the block ends."""
    folder.mkdir(parents=True)
    port = free_port()
    files = {
        "usmarc.abs": _NOT_OURS.sub("", (TABLES / "usmarc.abs").read_text()) + _ADDED + _SUBJECTS,
        "zebra.cfg": _SETTINGS.format(folder=folder, tables=TABLES),
        "server.xml": _SERVER.format(folder=folder, port=port),
        "cql.properties": _CQL,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    for task in (["init"], ["update", str(sample.path)]):
        command = ["zebraidx", "-v", "none", "-c", str(folder / "zebra.cfg"), *task]
        subprocess.run(command, check=True, capture_output=True)
    command = ["zebrasrv", "-v", "none", "-f", "server.xml"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield Server(port, process.pid, "Default")
    finally:
        process.terminate()
        process.wait(20)
