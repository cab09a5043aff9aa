"""Run an auction log through the auction of Attise: who would have won each slot, and for what. It needs no house."""

import csv
import io
from itertools import groupby

import numpy as np

from attise.serving.delivery.auction import run_auction

# For each auction and ad: what its advertiser offers for 1,000 impressions, and what viewers gain by it, in euros.
LOG = """auction,ad,advertiser,offer,user_value
1,11,1,8.0,0.5
1,12,1,7.5,0.0
1,21,2,6.0,-1.0
1,31,3,4.0,1.5
2,11,1,2.0,0.5
2,41,4,3.0,-3.5
"""

for auction, several in groupby(csv.DictReader(io.StringIO(LOG)), key=lambda row: row["auction"]):
    rows = list(several)
    offer, liked = (np.array([float(row[name]) for row in rows]) for name in ("offer", "user_value"))
    advertiser, ad = (np.array([int(row[name]) for row in rows]) for name in ("advertiser", "ad"))
    result = run_auction(offer, liked, advertiser, ad, reach=(1.0, 0.8), reserve=0.5, seed=int(auction))
    for slot, place in enumerate(result.places, start=1):
        print(f"auction {auction}, slot {slot}: ad {ad[place.winner]} pays {place.price:.2f}")
    left = {f"ad {ad[place]}": result.why(place) for place in range(len(ad)) if result.why(place)}
    print(f"auction {auction}, left out: {left}")
