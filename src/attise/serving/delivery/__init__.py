"""One decision: eligibility, prediction, frequency, pacing, auction, price."""
