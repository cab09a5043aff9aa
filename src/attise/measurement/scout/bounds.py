"""Every limit and threshold of the scout, with the relations between them asserted."""

from __future__ import annotations

from typing import Final

from attise.kernel.limits import DAY_MS, HOUR_MS, MIB

COUNT_MOST: Final = 1e13
"""A count above is no count: more views than everybody on Earth could give in a lifetime."""
POSTS_MOST: Final = 100_000
OBSERVATIONS_MOST: Final = 5_000
"""Of one post; hourly looks of half a year."""
TEXT_CHARACTERS: Final = 200
"""Of a post's name, its creator's, its category's."""

FILES_MOST: Final = 10_000
DOCUMENT_BYTES: Final = 64 * MIB
"""A JSON document, unpacked: it is held whole."""
LINES_BYTES: Final = 1_024 * MIB
"""A file that is read line by line, unpacked."""
LINE_CHARACTERS: Final = 4 * MIB
ROWS_MOST: Final = 500_000
"""Of all files together."""
NESTED_MOST: Final = 64
SKIPPED_MOST: Final = 1_000
"""Broken rows that are told one by one; more are counted."""

WINDOW_FROM_H: Final = 24
WINDOW_TO_H: Final = 72
"""Hours after publication between which a boost is worth most (docs/decisions/0047; ``until`` never goes beyond)."""
HORIZON_H: Final = 48
"""How far ahead growth is forecast."""
HALF_SCORE_GROWTH: Final = 0.5
"""Growth within the horizon, as a share of the views there are, that scores 50 of 100."""
STALLED_GROWTH: Final = 0.05
"""A post that grows less within the horizon is no longer progressing."""
LATE_GROWTH: Final = 0.5
"""Growth for which a post is still watched after its window."""
BOOST_SCORE: Final = 50
SURE: Final = 0.8
"""How likely something must be before it is said."""
INTERVAL: Final = 0.8
"""The share of posts whose growth lies within their interval."""
VIEWS_LEAST: Final = 100
"""Below, nothing is known yet: rates are luck."""
STALE_H: Final = 24
"""A post that was not looked at for longer is not judged as if it were."""
REASONS: Final = 3

CANDIDATES_MOST: Final = 20_000
"""Posts of a house that one analysis ranks, the newest."""
ANALYSE_EVERY_MS: Final = HOUR_MS
"""Of world time, as below."""
TRIAL_EVERY_MS: Final = DAY_MS
TRIED_FROM_H: Final = 6
"""Younger, a post shows no last growth to compare with."""
SETTLING_MS: Final = HOUR_MS
"""How long after its two days a trial is judged, so that all that happened in them is counted."""
BOARD_TRIALS_MOST: Final = 20_000
GRID_H: Final = 96
"""Hours of the past that growth is read from."""
ADDED_VIEWS: Final = 10.0
"""Views added to those there are wherever something is a share of them, so that a handful that grows is no wonder."""

assert WINDOW_FROM_H < WINDOW_TO_H <= GRID_H
assert 0 < STALLED_GROWTH < HALF_SCORE_GROWTH <= LATE_GROWTH
