from zoho_sim.behaviour.clock import Clock
from zoho_sim.config import Config
from zoho_sim.seed.organisation import seed_organisation
from zoho_sim.state.fields import JsonValue

_STORY_ENDS = 1_790_000_000


def _records_seeded_at(real_time: float, seeded_at: int | None) -> list[list[JsonValue]]:
    organisation = seed_organisation(
        Config(deals=50, seeded_at=seeded_at), Clock(lambda: real_time)
    )
    return [
        record.values
        for module in ("Deals", "Accounts", "Contacts")
        for record in organisation.modules[module].all_records()
    ]


def test_same_seeded_moment_gives_the_same_records_whenever_the_simulator_starts() -> None:
    first = _records_seeded_at(_STORY_ENDS + 60, _STORY_ENDS)
    later = _records_seeded_at(_STORY_ENDS + 86_400, _STORY_ENDS)
    assert len(first) > 50
    assert later == first


def test_without_a_moment_the_story_ends_at_the_present() -> None:
    assert _records_seeded_at(_STORY_ENDS, None) == _records_seeded_at(_STORY_ENDS + 9, _STORY_ENDS)
