"""Files as a source: one file, a folder with what is below it, or a glob; ISO 2709 or MARCXML, also in gzip.

In: a `SourceSpec` whose `url` is paths or http(s) addresses, one a line. Out: `FilesHarvester`. `paths` finds the
files, `remote` fetches those of web servers, `reading` opens one and tells by its content what it is, `ids` names each
record, `harvester` puts them together.
"""

from harvesters.files.harvester import OPTIONS, FilesHarvester

__all__ = ["OPTIONS", "FilesHarvester"]
