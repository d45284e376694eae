"""The latest of what a search finds, beside those that sorting all of it finds."""

from hypothesis import given
from hypothesis import strategies as st

from federation.index.engine import Found, Question
from federation.web.discovery.latest import latest
from schemas.query.tree import And, Term

WANTED = Question(Term("any", "sông"), start=40, limit=20, sort="title", facets=("creator",))


@given(ids=st.sets(st.integers(1, 400)), above=st.integers(0, 50), most=st.integers(1, 60))
def test_the_latest_are_those_with_the_highest_numbers(ids: set[int], above: int, most: int) -> None:
    def find(question: Question) -> Found:
        assert isinstance(question.query, And)
        assert question.query.left == WANTED.query
        since = question.query.right
        assert isinstance(since, Term)
        found = sorted(number for number in ids if number >= int(since.text))
        return Found(len(found), tuple(found[: question.limit]))

    highest = max(ids, default=1) + above
    assert latest(find, WANTED, highest, most) == tuple(sorted(ids, reverse=True)[:most])
