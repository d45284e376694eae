"""The API against its own document: what schemathesis makes up of it finds nothing.

`make test` asks each address a few dozen questions; `LIENTHONG_API_EXAMPLES=2000 python -m pytest
tests/conformance/test_api_document.py` asks for as long as you like.
"""

import os
from collections.abc import Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.config import ProjectConfig, SchemathesisConfig

from federation.api.document import document
from federation.api.parameters import spoken
from tests.support.web import application, open_house

EXAMPLES = int(os.environ.get("LIENTHONG_API_EXAMPLES", "25"))


def _config() -> SchemathesisConfig:
    config = SchemathesisConfig()
    config.projects.default.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    # What is well formed and means nothing here (a query in no grammar, a cursor of nobody) is 422, which no schema
    # can say; several long values together may be too long for an address.
    checks = config.projects.default.checks
    checks.positive_data_acceptance.expected_statuses += ["410", "414", "422"]
    checks.negative_data_rejection.expected_statuses += ["414"]
    return config


class Served:
    """The application under test, which is made after the questions are."""

    app: Flask | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert self.app
        return self.app.wsgi_app(environ, start_response)


served = Served()
described = document("Test", "http://127.0.0.1:8080", "a@example.org", spoken(["vi", "en"]).values())
schema = schemathesis.openapi.from_dict(described, config=_config())
schema.app = served


@pytest.fixture(scope="module", autouse=True)
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The application on a small catalogue, with a deleted and a merged record, in the place of a server."""
    with open_house(tmp_path_factory.mktemp("api")) as shelf:
        shelf.bury({7: None, 8: 9})
        served.app = application(shelf)
        yield


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_document(case: schemathesis.Case) -> None:
    case.call_and_validate(headers={"Accept-Encoding": "identity"})


def test_all_ways_of_making_up_questions_are_used() -> None:
    assert isinstance(schema.config, ProjectConfig)
    assert schema.config.generation.modes == [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
