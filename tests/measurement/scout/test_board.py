"""The scoreboard says what came of what was picked, and by whom."""

from __future__ import annotations

from attise.measurement.scout.board import MEANS, Tried, board_of


def tried(at_ms: int, growth: float, by: tuple[float, float, float, float], verdict: str = "watch") -> Tried:
    return Tried(at_ms, 10, 60, verdict, by, growth, 100 * growth)


def test_every_means_picks_its_best_fifth_of_each_trial():
    trial = [
        tried(
            1,
            growth / 10,
            (growth, -growth, 5 if growth == 3 else 0, growth % 4),
            "boost_now" if growth > 7 else "watch",
        )
        for growth in range(10)
    ]
    board = board_of([*trial, tried(2, 9.0, (1, 1, 1, 1))])  # one post is no trial
    assert (board.trials, board.posts) == (1, 10)
    lines = {line.means: line for line in board.lines}
    assert tuple(lines) == MEANS
    assert lines["score"].precision == 1
    assert lines["score"].growth == (0.9 + 0.8) / 2
    assert lines["last_growth"].precision == 0
    assert lines["last_growth"].growth == (0.0 + 0.1) / 2
    assert lines["likes"].picked == 2
    assert board.boosts == 2
    assert board.boost_growth == (0.9 + 0.8) / 2
    assert board.covered == 0.6  # 10 to 60 of 0, 10 … 90


def test_nothing_tried_is_no_board():
    board = board_of([])
    assert (board.trials, board.posts, board.boosts, board.growth, board.covered) == (0, 0, 0, 0, 0)
