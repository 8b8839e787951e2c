"""Rates over time: by steps that hold still while a run goes on, each looking back over four."""

import pytest

from pulse.live_sync.rate import RateSample, samples, step_for


@pytest.mark.parametrize(
    ("elapsed_s", "step_s"),
    [(0, 0.25), (15, 0.25), (15.1, 0.5), (60, 1), (61, 2), (3_600, 60), (1e9, 3_600)],
)
def test_steps_grow_so_that_sixty_samples_are_enough(elapsed_s: float, step_s: float) -> None:
    assert step_for(elapsed_s) == step_s


def test_a_sample_is_what_came_in_over_the_four_steps_before_it() -> None:
    found = samples({0: 100, 2: 50, 5: 300}, 1.0, 6.9)

    assert found == [
        RateSample(1.0, 100.0),
        RateSample(2.0, 50.0),
        RateSample(3.0, 50.0),
        RateSample(4.0, 37.5),
        RateSample(5.0, 12.5),
        RateSample(6.0, 87.5),
    ]


def test_a_step_that_is_not_over_yet_tells_nothing() -> None:
    assert samples({0: 100}, 0.25, 0.2) == []
