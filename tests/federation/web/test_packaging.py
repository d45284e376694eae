from configparser import ConfigParser
from pathlib import Path

import federation.web

WEB = Path(federation.web.__file__).parent
ROOT = Path(__file__).parents[3]


def test_every_page_sheet_and_word_travels_with_an_installation() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    patterns = setup["options.package_data"]["federation.web"].split(",")
    travelling = {path for pattern in patterns for path in WEB.glob(pattern.strip())}
    needed = {path for path in WEB.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert needed
    assert needed <= travelling
