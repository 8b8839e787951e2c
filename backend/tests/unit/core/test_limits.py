import pytest

from pulse.core.limits import OrganisationLimits, organisation_limits


@pytest.mark.parametrize(
    ("edition", "users", "credits_a_day", "concurrency"),
    [
        ("Free", 3, 5_000, 5),
        ("Standard", 20, 55_000, 10),
        ("standard", 1_000, 100_000, 10),
        ("Professional", 4, 52_000, 15),
        ("Enterprise", 20, 70_000, 20),
        ("Zoho One", 20, 70_000, 20),
        ("enterprise", 10_000, 5_000_000, 20),
        ("CRM Plus", 10_000, 20_050_000, 25),
        ("Ultimate", 20, 90_000, 25),
    ],
)
def test_limits_follow_edition_and_users(
    edition: str, users: int, credits_a_day: int, concurrency: int
) -> None:
    limits = organisation_limits(edition, users)

    assert (limits.credits_a_day, limits.concurrency) == (credits_a_day, concurrency)
    assert limits.is_edition_known


def test_complex_calls_never_get_more_than_all_calls() -> None:
    assert organisation_limits("Free", 1).sub_concurrency == 5
    assert organisation_limits("Ultimate", 1).sub_concurrency == 10


def test_unknown_edition_gets_the_smallest_limits_and_says_so() -> None:
    assert organisation_limits("Galactic", 50) == OrganisationLimits(
        credits_a_day=5_000, concurrency=5, sub_concurrency=5, is_edition_known=False
    )
