from sqlalchemy.dialects import postgresql

from pulse.core.deal_filters import Outcome
from pulse.models import Deal
from pulse.queries.stages import SalesProcess, Stage, sales_process

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call] # as SQLAlchemy leaves it


def _value(name: str, place: int, **more: object) -> dict[str, object]:
    return {"actual_value": name, "display_value": name, "sequence_number": place, **more}


DESCRIBED = [
    _value("Won", 3, probability=100, forecast_type="Closed Won"),
    _value("Id. Makers", 2, probability=60, forecast_type="Open", display_value="Identify Makers"),
    _value("Qualified", 1, probability=10, forecast_type="Open"),
    _value("Lost", 4, probability=0, forecast_type="Closed Lost"),
]


def _sql(process: SalesProcess, law: str) -> str:
    expression = getattr(process, law)(Deal)
    return str(expression.compile(dialect=_POSTGRESQL, compile_kwargs={"literal_binds": True}))


def test_stages_come_in_the_crms_order_with_the_labels_that_people_see() -> None:
    assert sales_process(DESCRIBED).stages == (
        Stage("Qualified", "Qualified", 10, Outcome.OPEN),
        Stage("Id. Makers", "Identify Makers", 60, Outcome.OPEN),
        Stage("Won", "Won", 100, Outcome.WON),
        Stage("Lost", "Lost", 0, Outcome.LOST),
    )


def test_forecast_decides_what_is_open_won_lost_and_undescribed() -> None:
    process = sales_process(DESCRIBED)

    assert _sql(process, "is_open") == ("deals.stage IN ('Qualified', 'Id. Makers')")
    assert _sql(process, "is_won") == "deals.stage IN ('Won')"
    assert _sql(process, "is_lost") == "deals.stage IN ('Lost')"
    assert [process.describes(name) for name in ("Won", "Elsewhere", None)] == [True, False, False]


def test_probability_decides_where_the_crm_forecasts_no_stage() -> None:
    process = sales_process([_value("Qualified", 1), _value("Won", 2)])

    assert not process.tells_outcomes
    assert _sql(process, "is_open") == "deals.probability BETWEEN 10 AND 89"
    assert _sql(process, "is_won") == "deals.probability = 100"
    assert _sql(process, "is_lost") == "deals.probability = 0"
    assert process.describes("Elsewhere")


def test_unknown_stages_stand_last_under_their_own_name() -> None:
    process = sales_process(DESCRIBED)

    assert [process.position(name) for name in ("Qualified", "Lost", "Elsewhere", None)] == [
        0, 3, 4, 4,
    ]  # fmt: skip
    assert process.label("Id. Makers") == "Identify Makers"
    assert process.label("Elsewhere") == "Elsewhere"


def test_metadata_that_is_no_list_of_values_describes_nothing() -> None:
    assert sales_process(None) == SalesProcess()
    assert sales_process({"actual_value": "x"}) == SalesProcess()
    assert sales_process(["x", {"display_value": "x"}]) == SalesProcess()


def test_values_without_numbers_keep_their_order_and_without_labels_show_their_name() -> None:
    process = sales_process(
        [{"actual_value": "B", "probability": 12.6}, {"actual_value": "A", "probability": "x"}]
    )

    assert process.stages == (Stage("B", "B", 13, None), Stage("A", "A", None, None))
