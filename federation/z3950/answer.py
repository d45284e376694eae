"""One Z39.50 session: what is answered to each message, without a socket.

In: requests one after the other, and the `Door`. Out: responses. It keeps what was agreed on and the result sets; every
fault of a request is a diagnostic in its response, and the session goes on. A call takes as long as the catalogue does.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from federation.index.engine import Question
from federation.z3950 import browsing, opening, pack, refusals, wanted
from federation.z3950.clients import Address
from federation.z3950.door import Door, database
from federation.z3950.limits import LEAST_MESSAGE
from federation.z3950.opening import Agreed
from federation.z3950.pack import Sizes
from federation.z3950.records import Writing, named
from federation.z3950.refusals import Refused
from federation.z3950.sets import BLOCK, ResultSet, ResultSets
from schemas.query import rpn
from schemas.z3950.browsing import (
    DeleteRequest,
    DeleteResponse,
    DeleteStatus,
    ScanRequest,
    ScanResponse,
    ScanStatus,
    SetStatus,
    SortRequest,
    SortResponse,
    SortStatus,
)
from schemas.z3950.retrieval import (
    ElementSets,
    NamedRecord,
    PresentRequest,
    PresentResponse,
    PresentStatus,
    ResultSetStatus,
    SearchRequest,
    SearchResponse,
    Segment,
)
from schemas.z3950.session import (
    Close,
    ExtendedServicesRequest,
    ExtendedServicesResponse,
    InitRequest,
    Option,
    ResourceReportRequest,
    ResourceReportResponse,
)
from schemas.z3950.values import Diagnostic

#: records and segments of one answer
MOST_RECORDS: Final = 1_000
MOST_SEGMENTS: Final = 64
_UNCHANGED, _NO_REPORT, _FAILURE = 3, 2, 3


class Session:
    """A session; not for two threads at once."""

    def __init__(self, door: Door, address: Address) -> None:
        self._door = door
        self._address = address
        self._agreed = Agreed()
        self._sets = ResultSets(door.limits.result_sets, door.limits.result_set)
        #: whether records were shown since the last search: who looked at them will do so again, and to put what was
        #: found in order takes as long as to count it
        self._shows = False
        self._answers: Mapping[type[Any], Callable[[Any], list[Any]]] = {
            InitRequest: self._init,
            SearchRequest: lambda request: [self._search(request)],
            PresentRequest: self._present,
            DeleteRequest: lambda request: [self._delete(request)],
            ScanRequest: lambda request: [self._scan(request)],
            SortRequest: lambda request: [self._sort(request)],
            ResourceReportRequest: lambda _: [ResourceReportResponse(status=_NO_REPORT)],
            ExtendedServicesRequest: _refuse_service,
            Close: lambda _: [Close()],
        }

    def answer(self, request: Any) -> list[Any]:
        """Answer a message; nothing is said to one that needs no answer (resource and access control)."""
        answered = self._answers.get(type(request))
        return answered(request) if answered else []

    def _init(self, request: InitRequest) -> list[Any]:
        response, agreed = opening.answer(request, self._door, self._address)
        self._agreed = agreed or self._agreed
        return [response]

    # --- search -------------------------------------------------------------------------------------------------------

    def _search(self, request: SearchRequest) -> SearchResponse:
        try:
            found = self._found(request)
        except Exception as error:
            fault = (refusals.told(error),)
            return SearchResponse(count=0, success=False, result_set_status=ResultSetStatus.NONE, diagnostics=fault)
        count, elements = _at_once(request, found.total)
        if not count:
            return SearchResponse(count=found.total, next_position=min(1, found.total))
        return self._with_records(request, found, count, elements)

    def _found(self, request: SearchRequest) -> ResultSet:
        named_database = database(request.databases)
        self._door.charge(self._door.searches, self._address)
        self._sets.check(request.result_set, request.replace, Option.NAMED_RESULT_SETS in self._agreed.options)
        node = rpn.read(request.query, self._sets.nodes(), self._agreed.speech.queries)
        shown = self._shows or request.small_set_upper_bound > 0 or request.medium_set_present_number > 0
        answer = self._door.catalogue.find(Question(node, limit=BLOCK if shown else 0))
        found = ResultSet(node, answer.total, named_database, blocks={0: answer.ids} if shown else {})
        self._sets.put(request.result_set, found)
        self._shows = False
        return found

    def _with_records(
        self, request: SearchRequest, found: ResultSet, count: int, elements: ElementSets | None
    ) -> SearchResponse:
        try:
            asked = wanted.read(request.syntax, elements, found.database)
            records = pack.message(self._records(found, 1, count, asked), count, self._agreed.sizes)
        except Exception as error:
            status, faults = PresentStatus.FAILURE, (refusals.told(error),)
            return SearchResponse(count=found.total, next_position=1, present_status=status, diagnostics=faults)
        return SearchResponse(
            count=found.total,
            returned=len(records),
            next_position=_after(1, records, found),
            present_status=_status(records, count),
            records=records,
        )

    # --- present ------------------------------------------------------------------------------------------------------

    def _present(self, request: PresentRequest) -> list[Any]:
        try:
            found = self._sets.get(request.result_set)
            _check_range(request, found)
            asked = wanted.read(request.syntax, request.composition, found.database)
            count = min(request.count, MOST_RECORDS)
            self._shows = True
            records = self._records(found, request.start, count, asked)
            segments = pack.segments(records, request.count, self._sizes(request), self._segments(request))
        except Exception as error:
            return [PresentResponse(status=PresentStatus.FAILURE, diagnostics=(refusals.told(error),))]
        every = tuple(record for segment in segments for record in segment)
        last = PresentResponse(
            status=_status(every, request.count),
            returned=len(every),
            next_position=_after(request.start, every, found),
            records=segments[-1] if segments else (),
        )
        return [*(Segment(returned=len(each), records=each) for each in segments[:-1]), last]

    def _sizes(self, request: PresentRequest) -> Sizes:
        """Give the sizes of a message; a request may want smaller ones."""
        sizes = self._agreed.sizes
        preferred = max(min(request.max_segment_size or sizes.preferred, sizes.preferred), LEAST_MESSAGE)
        return Sizes(preferred, max(min(request.max_record_size or sizes.exceptional, sizes.exceptional), preferred))

    def _segments(self, request: PresentRequest) -> int:
        if Option.SEGMENTATION_1 not in self._agreed.options:
            return 1
        return min(max(request.max_segment_count or MOST_SEGMENTS, 1), MOST_SEGMENTS)

    def _records(self, found: ResultSet, start: int, count: int, asked: wanted.Wanted) -> Iterator[NamedRecord]:
        self._door.charge(self._door.records, self._address, count)
        writing = Writing(asked, self._agreed.speech.records, self._agreed.language, found.database)
        catalogue = self._door.catalogue
        return named(found.numbers(start - 1, count, catalogue.find), writing, catalogue)

    # --- scan, sort, delete -------------------------------------------------------------------------------------------

    def _scan(self, request: ScanRequest) -> ScanResponse:
        try:
            database(request.databases)
            self._door.charge(self._door.searches, self._address)
            return browsing.scan(request, self._door.catalogue, self._agreed.speech.queries)
        except Exception as error:
            return ScanResponse(status=ScanStatus.FAILURE, diagnostics=(refusals.told(error),))

    def _sort(self, request: SortRequest) -> SortResponse:
        try:
            self._door.charge(self._door.searches, self._address)
            self._sets.check(request.output, True, Option.NAMED_RESULT_SETS in self._agreed.options)
            found = browsing.sort(request, self._sets, self._door.catalogue)
        except Exception as error:
            faults = (refusals.told(error),)
            return SortResponse(status=SortStatus.FAILURE, result_set_status=_UNCHANGED, diagnostics=faults)
        self._sets.put(request.output, found)
        return SortResponse(count=found.total)

    def _delete(self, request: DeleteRequest) -> DeleteResponse:
        if request.names is None:
            for name in self._sets.names():
                self._sets.delete(name)
            return DeleteResponse()
        gone = [
            SetStatus(name, DeleteStatus.SUCCESS if self._sets.delete(name) else DeleteStatus.DID_NOT_EXIST)
            for name in request.names
        ]
        missing = sum(each.status != DeleteStatus.SUCCESS for each in gone)
        status = DeleteStatus.NOT_ALL_OF_LIST if missing else DeleteStatus.SUCCESS
        return DeleteResponse(status=status, sets=tuple(gone), not_deleted=missing or None)


def _refuse_service(request: ExtendedServicesRequest) -> list[Any]:
    return [ExtendedServicesResponse(status=_FAILURE, diagnostics=(Diagnostic(221, request.package_type),))]


def _at_once(request: SearchRequest, total: int) -> tuple[int, ElementSets | None]:
    """Say how many records come with the answer to a search, and of which element set (3.2.2.1.4)."""
    if total <= request.small_set_upper_bound:
        return total, request.small_set_elements
    if total < request.large_set_lower_bound:
        return max(min(request.medium_set_present_number, total), 0), request.medium_set_elements
    return 0, None


def _check_range(request: PresentRequest, found: ResultSet) -> None:
    if request.ranges:
        raise Refused(243)
    last = request.start + request.count - 1
    if request.start < 1 or request.count < 0 or last > found.total:
        raise Refused(13, f"{request.start}-{last} of {found.total}")


def _status(records: tuple[NamedRecord, ...], count: int) -> PresentStatus:
    return PresentStatus.SUCCESS if len(records) == count else PresentStatus.PARTIAL_2


def _after(start: int, records: tuple[NamedRecord, ...], found: ResultSet) -> int:
    """Give the position after the last record, 0 when that was the last of the set."""
    after = start + len(records)
    return after if after <= found.total else 0
