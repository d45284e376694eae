"""What the stages ask of the store whatever they do: how much is waiting, and whether their rules are those of the
last time.

In: a session and the name of a stage. Out: counts and marks. Each stage reads one table and clears `pending` there.
"""

from typing import Any, Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from federation.store.models import Bib, Cluster, Raw, StageRules, Union

#: stage -> the table it takes its work from, in the order a record walks
TABLES: Final[dict[str, type[Any]]] = {"normalise": Raw, "cluster": Bib, "merge": Cluster, "publish": Union}


def waiting(session: Session, stage: str) -> int:
    """Count what needs this stage's work."""
    table = TABLES[stage]
    return session.scalar(select(func.count()).select_from(table).where(table.pending)) or 0


def renew_rules(session: Session, stage: str, rules: str) -> bool:
    """Mark every row of the stage when its rules are not those of the last time; tells whether they were not."""
    known = session.scalar(select(StageRules.rules).where(StageRules.stage == stage))
    if known == rules:
        return False
    table = TABLES[stage]
    session.execute(update(table).where(table.pending.is_(False)).values(pending=True))
    if known is None:
        session.execute(insert(StageRules).values(stage=stage, rules=rules))
    else:
        session.execute(update(StageRules).where(StageRules.stage == stage).values(rules=rules))
    return True
