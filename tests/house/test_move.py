"""The script of docs/how-to/move-to-postgresql.md, run as the page gives it: everything arrives, and life goes on."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

from sqlalchemy import func, insert, select

from federation import clock
from federation.store import Database, members, migrate, seeds
from federation.store.base import Base
from federation.store.members import Placement
from federation.store.models import Cluster, Member
from tests.house.reference import ROOT

PAGE = ROOT / "docs" / "how-to" / "move-to-postgresql.md"


def script(folder: Path) -> Path:
    found = re.search(r"^ *```python\n(.*?)^ *```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    file = folder / "move.py"
    file.write_text(textwrap.dedent(found[1]), "utf-8")
    return file


def made(url: str) -> Database:
    database = Database(url)
    migrate.upgrade(database)
    with database.write() as session:
        members.plant(session, seeds.admin_units(), seeds.library_kinds(), seeds.former_districts())
    return database


def counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_the_script_moves_everything_and_new_numbers_do_not_meet_old_ones(database_url: str, tmp_path: Path) -> None:
    old, new = made(f"sqlite:///{tmp_path / 'old.db'}"), made(database_url)
    with old.write() as session:
        for code in ("tinh", "thcs"):
            members.add(session, code, code, Placement("public", "51"), clock.now())
        # A merged cluster names one that comes after it.
        session.execute(insert(Cluster), [{"id": 7, "pending": False}, {"id": 9, "pending": False}])
        session.execute(Cluster.__table__.update().where(Cluster.id == 7).values(successor_id=9))  # type: ignore[attr-defined]
    moved = subprocess.run(
        [sys.executable, str(script(tmp_path)), old.url, new.url],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert moved.returncode == 0, moved.stderr
    assert counts(new) == counts(old)
    with new.write() as session:
        assert session.scalar(select(Cluster.successor_id).where(Cluster.id == 7)) == 9
        members.add(session, "moi", "Mới", Placement("public"), clock.now())
        assert session.scalar(select(Member.id).where(Member.code == "moi")) == 3
        session.add(Cluster(pending=True))
        session.flush()
        assert session.scalar(select(func.max(Cluster.id))) == 10
    old.close()
    new.close()
