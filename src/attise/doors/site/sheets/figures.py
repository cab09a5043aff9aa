"""The columns of what ads came to: the same in every table that tells of them, in the same words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from attise.doors.site.sheets.columns import Cell, Column, Kind, amount, mean_amount, money_column, rate, rate_column
from attise.measurement.attribution.figures import Figures


def columns_of_figures(currency: str) -> list[Column]:
    """Return them, in the order of ``cells_of_figures``."""
    return [
        money_column("spend", _("Spent in it"), currency),
        Column("impressions", _("Impressions"), Kind.COUNT),
        Column("completed_views", _("Completed views"), Kind.COUNT),
        Column("clicks", _("Clicks"), Kind.COUNT),
        rate_column("click_through_rate", _("Click-through rate")),
        Column("results", _("Results"), Kind.COUNT),
        money_column("value", _("Their value"), currency),
        money_column("cost_per_result", _("Cost per result"), currency),
        Column("adds_to_cart", _("Adds to cart"), Kind.COUNT),
        money_column("cost_per_add_to_cart", _("Cost per add to cart"), currency),
        Column("follows", _("Follows"), Kind.COUNT),
    ]


def cells_of_figures(one: Figures, currency: str) -> Sequence[Cell]:
    """Return what an object came to. Invariants: its money is of ``currency``."""
    return [
        amount(one.spent_micros, currency),
        one.impressions,
        one.completions,
        one.clicks,
        rate(one.clicks, one.impressions),
        one.results,
        amount(one.value_micros, currency),
        mean_amount(one.cost_per_result_micros, currency),
        one.carts,
        mean_amount(one.cost_per_cart_micros, currency),
        one.follows,
    ]
