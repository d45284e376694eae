"""The web application: every HTTP door on one catalogue.

In: settings. Out: a Flask application for a WSGI server. Neither database nor index is opened before the first page
that needs them, and what could not be opened is tried again, so that `/healthz` answers before `lienthong init` and
pages do after it.
"""

from typing import Final

from flask import Flask

from federation.api.views import blueprint as api
from federation.catalogue.catalogue import Catalogue
from federation.config import Settings, read
from federation.index import open_engine
from federation.index.engine import Engine
from federation.languages.known import known
from federation.oaipmh.views import blueprint as oai_pmh
from federation.sru.views import blueprint as sru
from federation.store import Database
from federation.web import delivery, health, language, limits, policy, problems
from federation.web.views import blueprint as web

#: nothing that is sent to us is long: the longest is an OAI-PMH request by POST
MOST_BYTES: Final = 1_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application from settings (read from the environment when none are given); raises `SettingsError`."""
    settings = settings or read()
    engine = open_engine(settings.index_url)
    return assemble(Catalogue(Database(settings.database_url, mapped=True), engine, settings), engine, settings)


def assemble(catalogue: Catalogue, engine: Engine, settings: Settings) -> Flask:
    """Put the doors on a catalogue."""
    app = Flask("federation", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES)
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    languages = known(settings.home)
    language.start(app, languages)
    problems.start(app)
    delivery.start(app, int(settings.hsts_days))
    policy.start(app, settings.home)  # what is set up last is done first: a nonce cannot be put into gzip
    limits.start(app, settings)
    app.register_blueprint(health.blueprint((("database", catalogue.members), ("index", engine.count))))
    app.register_blueprint(web(catalogue, settings))
    app.register_blueprint(api(catalogue, settings, languages))
    app.register_blueprint(oai_pmh(catalogue, settings))
    app.register_blueprint(sru(catalogue, settings))
    return app
