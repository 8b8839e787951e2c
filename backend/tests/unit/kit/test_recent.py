"""What was made lately is found again by an equal key."""

from pulse.kit.recent import Recent


def test_an_equal_key_finds_what_was_made_of_it() -> None:
    made: list[dict[str, int]] = []

    def make(key: dict[str, int]) -> int:
        made.append(key)
        return sum(key.values())

    recent = Recent(make)
    assert [recent.of({"a": 1, "b": 2}), recent.of({"b": 2, "a": 1}), recent.of({"a": 4})] == [
        3,
        3,
        4,
    ]
    assert made == [{"a": 1, "b": 2}, {"a": 4}]


def test_the_oldest_of_more_than_32_is_made_again() -> None:
    made: list[int] = []
    recent: Recent[int, None] = Recent(made.append)
    for key in range(33):
        recent.of(key)
    recent.of(32)
    recent.of(0)
    assert made == [*range(33), 0]
