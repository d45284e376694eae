"""What the stages ask of the store whatever they do: how much is waiting, and whether their rules are those of the
last time.

In: a session and the name of a stage. Out: counts and marks. Each stage reads one table and clears `pending` there.
"""

from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from federation.store import profiles
from federation.store.models import Bib, Cluster, Raw, StageRules, Union

#: stage -> the table it takes its work from, in the order a record walks
TABLES: Final[dict[str, type[Any]]] = {"normalise": Raw, "cluster": Bib, "merge": Cluster, "publish": Union}


def waiting(session: Session, stage: str) -> int:
    """Count what needs this stage's work."""
    table = TABLES[stage]
    return session.scalar(select(func.count()).select_from(table).where(table.pending)) or 0


def rules_are(session: Session, stage: str, rules: str) -> bool:
    """Tell whether these are the rules the stage marked its table for the last time."""
    return session.scalar(select(StageRules.rules).where(StageRules.stage == stage)) == rules


def renew_rules(session: Session, stage: str, rules: str) -> None:
    """Mark every row of the stage as needing the work that these rules demand."""
    table = TABLES[stage]
    session.execute(update(table).where(table.pending.is_(False)).values(pending=True))
    if table is Bib:
        profiles.forget_all(session)
    session.execute(delete(StageRules).where(StageRules.stage == stage))
    session.execute(insert(StageRules).values(stage=stage, rules=rules))
