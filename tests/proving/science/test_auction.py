"""The case of the auction sees what a worse rule of prices would let through."""

from attise.proving.science import auction


def test_honesty_is_best_and_a_rule_that_prices_slot_by_slot_is_seen_to_reward_lies():
    market = auction.draw_market(80, 1)
    assert auction.gain_percent(market, auction.ours, range(2)) <= auction.MOST_GAIN_PERCENT
    assert auction.gain_percent(market, auction.slot_by_slot, range(2)) > auction.MOST_GAIN_PERCENT
    assert auction.faults(market) == (0, 0)
    assert 0.9 < auction.efficiency(market) <= 1


def test_a_first_price_rule_is_seen_to_reward_lies():
    def first_price(offer, liked, drawn, seed):
        return [
            auction.Place(one.winner, one.runner_up, float(offer[one.winner]), 1.0)
            for one in auction.ours(offer, liked, drawn, seed)
        ]

    market = auction.draw_market(40, 2)
    honest = auction.utility(market, first_price, 0, 1.0)
    assert honest == 0
    assert auction.utility(market, first_price, 0, 2.0) <= 0
