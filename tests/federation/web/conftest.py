"""A catalogue of a few records, and a browser without a screen for it."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.federation.web.fakes import HOSTILE, PLAIN, FakeCatalogue, application, record

FACETS = {
    "member": (("tvt", 3), ("lqd", 1)),
    "kind": (("public", 3), ("school", 1)),
    "material": (("book", 3),),
    "language": (("vie", 2), ("eng", 1)),
    "decade": (("2010", 2), ("2000", 1)),
    "creator": (("Nguyễn Nhật Ánh", 2),),
    "subject": (("Văn học thiếu nhi -- Việt Nam", 2),),
}


@pytest.fixture
def catalogue() -> FakeCatalogue:
    """Records 1 (rich), 2 (plain), 3 (hostile); 8 was merged into 7 and 7 into 1; 9 was deleted."""
    records = (
        record(1),
        record(2, PLAIN),
        record(3, HOSTILE),
        record(7, deleted=True, successor=1),
        record(8, deleted=True, successor=7),
        record(9, deleted=True),
    )
    return FakeCatalogue({one.id: one for one in records}, FACETS)


@pytest.fixture
def client(catalogue: FakeCatalogue, tmp_path: Path) -> FlaskClient:
    """Ask the application without a network."""
    return application(catalogue, tmp_path).test_client()
