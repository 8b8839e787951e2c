"""How a request asks a question: the filters' parameters, `as_of` and `compared_with`."""

from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime

from pulse.analytics.question import Question, read_question
from pulse.asking.moment import EXAMPLE as NO_SUCH_MOMENT
from pulse.asking.request import Asked
from pulse.queries.asked_deals import UNREADABLE
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.problems import problems

AsOf = Annotated[
    AwareDatetime | None,
    Query(description="A past moment (with its offset) to answer of; without it now."),
]
ComparedWith = Annotated[
    AwareDatetime | None,
    Query(
        description="The earlier moment to compare with; without it seven days before `as_of`, or "
        "the beginning of history if that is later."
    ),
]

QUESTION_PROBLEMS: Final = problems(UNREADABLE, NO_SUCH_MOMENT)
"""What a question that cannot be read is answered with."""


async def _question(
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    as_of: AsOf = None,
    compared_with: ComparedWith = None,
) -> Question:
    return await read_question(db, asked, clock.now(), as_of, compared_with)


AskedQuestion = Annotated[Question, Depends(_question)]
"""Filters, `as_of` and `compared_with` of a request, read against the database."""
