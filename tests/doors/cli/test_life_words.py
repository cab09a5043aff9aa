"""What is said of how fast a life passes: once it is known, again when it has changed much, and not all the time."""

import pytest

from attise.doors.cli.life import MUCH, SAID_S, is_news, speed_in_words


@pytest.mark.parametrize(
    ("reached", "said", "since_s", "is_told"),
    [
        (0.0, 0.0, 1e9, False),  # nothing is known yet
        (60.0, 0.0, float("inf"), True),
        (60.0, 59.0, SAID_S, False),
        (60.0, 60.0 * MUCH + 1, SAID_S, True),
        (60.0, 60.0 / MUCH - 1, SAID_S, True),
        (60.0, 10.0, SAID_S - 1, False),
    ],
)
def test_speed_is_said_when_it_is_news(reached, said, since_s, is_told):
    assert is_news(reached, said, since_s) is is_told


def test_what_bounds_a_speed_is_said_where_it_is_not_reached():
    assert speed_in_words(3_590.4, 3_600.0) == "Life passes at 3,590 times, of 3,600 asked for."
    assert "this machine" in speed_in_words(900.0, 3_600.0)
