"""On what the figures were taken: the machine, the versions of all who took part, the state of the tree.

In: nothing. Out: what JSON can hold.
"""

import os
import platform
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.bench.plan import ROOT

_PACKAGES = ("tantivy", "SQLAlchemy", "Flask", "gunicorn", "lxml", "msgspec", "pymarc", "zstandard", "oai-repo")


def facts() -> dict[str, Any]:
    """Describe machine, versions and tree."""
    return {
        "begun": now(),
        "machine": {
            "processor": _after("model name", Path("/proc/cpuinfo")),
            "cores": os.cpu_count(),
            "memory": _after("MemTotal", Path("/proc/meminfo")),
            "system": platform.platform(),
        },
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "zebra": said("zebraidx", "-V"),
            **{name: _version(name) for name in _PACKAGES},
        },
        "tree": {"commit": said("git", "rev-parse", "HEAD"), "changed": bool(said("git", "status", "--porcelain"))},
    }


def now() -> dict[str, Any]:
    """Give the time, and how many processes wanted the cores in the last minutes."""
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": os.getloadavg()}


def said(program: str, *arguments: str) -> str:
    """Give the first line that a program prints; nothing when it is not there."""
    if shutil.which(program) is None:
        return ""
    run = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    return run.stdout.partition("\n")[0].strip()


def _after(name: str, path: Path) -> str:
    lines = path.read_text().splitlines() if path.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
