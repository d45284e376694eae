"""Sickle's client, asking through our own HTTP and believing only whole answers.

In: a base URL and OAI-PMH arguments. Out: Sickle's iterator over responses; errors of the protocol as Sickle's own
exceptions, all others as `HarvestError`. Sickle alone would parse with recovery (which loses the end of a page and with
it the token), ask without waiting and open a connection for each page.
"""

import logging
from typing import Any, Final

from lxml import etree
from sickle import Sickle, oaiexceptions
from sickle.iterator import OAIResponseIterator
from sickle.models import ResumptionToken
from sickle.response import OAIResponse

from harvesters import rescue
from harvesters.http import Answer, Http, masked
from harvesters.markup import believed, child, persistently, texts
from harvesters.oaipmh.dialect import DIALECT
from harvesters.oaipmh.formats import Offer, choose
from harvesters.oaipmh.page import OAI
from harvesters.quirks import ERROR_WITH_STATUS
from harvesters.rescue import BrokenPage

log = logging.getLogger(__name__)
_NO_SUCCESS: Final = 300


class StrictResponse(OAIResponse):  # type: ignore[misc]  # Sickle has no types
    """Sickle's response over bytes that were parsed strictly, once."""

    def __init__(self, answer: Answer, params: dict[str, str], root: Any) -> None:
        super().__init__(answer, params)
        self._root = root

    @property
    def raw(self) -> str:
        """The answer as text."""
        return str(self.http_response.content, "utf-8", "replace")

    @property
    def xml(self) -> Any:
        """The root element."""
        return self._root

    @property
    def content(self) -> bytes:
        """The answer as it came."""
        return bytes(self.http_response.content)

    @property
    def date(self) -> str:
        """When the server says that it answered."""
        return "".join(texts(self._root, "responseDate")[:1])


class RescuedResponse(StrictResponse):
    """An answer that was not well-formed: its root element is what stands around the records, where that is sound."""

    def __init__(self, answer: Answer, params: dict[str, str], broken: BrokenPage) -> None:
        frame = etree.Element("OAI-PMH") if broken.frame is None else broken.frame
        super().__init__(answer, params, frame)
        self.broken = broken


class PageIterator(OAIResponseIterator):  # type: ignore[misc]
    """Sickle's iterator over responses; a token that is empty or blank is the end (3.5)."""

    resumption_token: Any

    def _next_response(self) -> None:
        arguments = self.params
        if self.resumption_token:
            arguments = {"verb": self.verb, "resumptionToken": self.resumption_token.token}
        self.oai_response = self.sickle.harvest(**arguments)
        self.resumption_token = self._get_resumption_token()

    def _get_resumption_token(self) -> Any:
        part = child(self.oai_response.xml, self.verb)
        element = None if part is None else child(part, "resumptionToken")
        if element is None:
            return None
        return ResumptionToken(
            (element.text or "").strip(), element.get("cursor"), element.get("completeListSize"), None
        )


class OaiClient(Sickle):  # type: ignore[misc]
    """Asks one server. Where `prefix_with_token` is set, that prefix goes along with every token."""

    def __init__(self, url: str, http: Http) -> None:
        super().__init__(url, iterator=PageIterator)
        self._http = http
        self.prefix_with_token = ""
        self.where = masked(url)
        #: when the server says that it gave its latest answer, errors included
        self.answered = ""
        #: metadataPrefix and whether only days are asked, once they are known
        self.terms: tuple[str, bool] | None = None
        self._identified: Any = None

    def harvest(self, **arguments: str) -> StrictResponse:
        """Ask once, and once more when what came was not well-formed; a list that stays so comes as a
        `RescuedResponse`. Raises Sickle's exceptions and `HarvestError`.
        """
        return persistently(
            lambda: self._ask(arguments), lambda answer, fault: self._rescued(answer, fault, arguments), PROTOCOL_ERRORS
        )

    def _rescued(self, answer: Answer, fault: str, arguments: dict[str, str]) -> StrictResponse | None:
        broken = rescue.cut(DIALECT, answer.content, fault) if arguments.get("verb") == "ListRecords" else None
        if broken is None:
            return None
        if broken.frame is not None:
            self.answered = "".join(texts(broken.frame, "responseDate")[:1])
        return RescuedResponse(answer, arguments, broken)

    def _ask(self, arguments: dict[str, str]) -> StrictResponse:
        if "resumptionToken" in arguments and self.prefix_with_token:
            arguments = {**arguments, "metadataPrefix": self.prefix_with_token}
        answer = self._http.get(self.endpoint, arguments)
        root = believed(answer, OAI)
        self.answered = "".join(texts(root, "responseDate")[:1])
        for error in (part for part in root if isinstance(part.tag, str) and etree.QName(part).localname == "error"):
            if answer.status >= _NO_SUCCESS:
                log.info("%s: HTTP %d (quirk %s)", answer.url, answer.status, ERROR_WITH_STATUS.name)
            raise _protocol_error(error.get("code", "")[:50], (error.text or "").strip()[:500])
        return StrictResponse(answer, arguments, root)

    def identified(self, name: str) -> str:
        """Give what Identify says under a name, or nothing; it is asked once."""
        if self._identified is None:
            self._identified = self.harvest(verb="Identify").xml
        return "".join(texts(self._identified, "Identify", name)[:1])

    def granularity(self) -> str:
        """Give the granularity that Identify declares, or nothing."""
        return self.identified("granularity")

    def offers(self) -> list[Offer]:
        """Give the formats of ListMetadataFormats."""
        formats = self.harvest(verb="ListMetadataFormats").xml
        listed = child(formats, "ListMetadataFormats")
        return [
            Offer(*("".join(texts(entry, name)[:1]) for name in ("metadataPrefix", "metadataNamespace", "schema")))
            for entry in ([] if listed is None else listed.iterchildren(etree.Element))
        ]

    def best_prefix(self) -> str:
        """Give the prefix to ask for where the operator names none; raises `SourceRefused` when no format is known."""
        try:
            return choose(self.offers(), self.where)
        except PROTOCOL_ERRORS as error:
            # Every server must have oai_dc (OAI-PMH 2.0, 3.4).
            log.info("%s: ListMetadataFormats answers %s; asking for oai_dc", self.where, error)
            return "oai_dc"


#: the errors that OAI-PMH 2.0 defines (3.6), as Sickle raises them
PROTOCOL_ERRORS = (
    oaiexceptions.BadArgument,
    oaiexceptions.BadVerb,
    oaiexceptions.BadResumptionToken,
    oaiexceptions.CannotDisseminateFormat,
    oaiexceptions.IdDoesNotExist,
    oaiexceptions.NoSetHierarchy,
    oaiexceptions.NoMetadataFormat,
    oaiexceptions.NoRecordsMatch,
    oaiexceptions.OAIError,
)


def _protocol_error(code: str, message: str) -> Exception:
    known = {kind.__name__.lower(): kind for kind in PROTOCOL_ERRORS}
    kind = known.get(code.lower(), oaiexceptions.OAIError)
    raised: Exception = kind(f"{code}: {message}" if message else code)
    return raised
