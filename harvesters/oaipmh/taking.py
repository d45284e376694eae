"""One answer into the page that is kept: as it is when it was sound, rescued when it was not.

In: a response of the client, the walk, and the token that stood on the answer. Out: the `Page`, with the answer as it
came. A list whose broken page does not say with certainty how it goes on ends there, and the next run asks for that
page again.
"""

from dataclasses import replace
from typing import Any

from harvesters import rescue
from harvesters.base import Page
from harvesters.errors import SourceBroken
from harvesters.oaipmh import page
from harvesters.oaipmh.client import RescuedResponse, StrictResponse
from harvesters.oaipmh.dialect import DIALECT
from harvesters.oaipmh.walk import Walk
from harvesters.rescue import Rescued


def taken(response: StrictResponse, walk: Walk, token: Any) -> Page:
    """Judge what came, and give it to be kept."""
    number, answer = walk.progress.pages + 1, response.content
    if not isinstance(response, RescuedResponse):
        found = tuple(page.records(response.xml, answer, number))
        walk.look(response.xml, response.date, found)
        return replace(walk.take(found, len(answer), token), answer=answer)
    broken = response.broken
    rescued = broken.rescued(number)
    said = _said(broken.fault, number, rescued)
    if rescued.certain:
        walk.rescued(rescued.lost, said)
        kept = walk.take(rescued.records, len(answer), token)
    else:
        kept = walk.broken_off(rescued.records, len(answer), said)
    return replace(kept, answer=answer, fault=broken.fault)


def named(response: StrictResponse) -> list[str]:
    """Give the identifiers of the records in an answer, in their order."""
    if isinstance(response, RescuedResponse):
        return [record.local_id for record in response.broken.rescued(0).records]
    return [record.local_id for record in page.records(response.xml, response.content, 0)]


def _said(fault: str, number: int, rescued: Rescued) -> str:
    said = f"page {number}: {fault}; {rescued.good} records were rescued"
    if not rescued.certain:
        return f"{said}, and nothing says with certainty how the list goes on; the next run asks for this page again"
    return f"{said}, {rescued.lost} could not be read" if rescued.lost else said


def read_again(answer: bytes, number: int) -> Page:
    """Read a kept answer once more; raises `SourceBroken` when nothing can be read in it."""
    where = f"page {number}"
    try:
        records = tuple(page.records(page.parsed(answer, where), answer, number))
    except SourceBroken as error:
        broken = rescue.cut(DIALECT, answer, error.message) if error.code == "page-not-well-formed" else None
        if broken is None:
            raise
        rescued = broken.rescued(number)
        fault = _said(error.message, number, rescued) if rescued.lost or not rescued.certain else ""
        return Page(rescued.records, bytes=len(answer), fault=fault)
    return Page(records, bytes=len(answer))
