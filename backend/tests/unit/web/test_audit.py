"""What the audit log takes."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from pulse.web.audit import HIDDEN, _shown


def test_secrets_are_hidden_at_any_depth_whatever_they_are_called() -> None:
    assert _shown(
        {
            "client_secret": "s3cret",
            "refresh_token": "1000.abc",
            "tries": [{"Password": "x", "at": 1}],
            "token": {"name": "Report", "secret": "pp_x"},
            "tokens_ended": 3,
            "must_change_password": True,
        }
    ) == {
        "client_secret": HIDDEN,
        "refresh_token": HIDDEN,
        "tries": [{"Password": HIDDEN, "at": 1}],
        "token": {"name": "Report", "secret": HIDDEN},
        "tokens_ended": 3,
        "must_change_password": True,
    }


def test_values_become_what_json_takes() -> None:
    assert _shown(
        {
            "at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
            "id": UUID(int=1),
            "amount": Decimal("1.50"),
            "names": ("a", "b"),
        }
    ) == {
        "at": "2026-03-02T09:30:00Z",
        "id": "00000000-0000-0000-0000-000000000001",
        "amount": "1.50",
        "names": ["a", "b"],
    }
