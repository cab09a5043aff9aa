"""Find the ads that somebody may be shown, best first, and say why one may not be. It needs attise, and no house."""

from attise.records.feed import ViewerContext
from attise.records.lookups import interests, regions
from attise.records.targeting import Targeting
from attise.serving.targeting.plain import AdIndex, TargetedAd

NOW_MS = 1_790_000_000_000
FRANCE, BEAUTY = regions.find("FR").id, interests.find("beauty_care").id
PEOPLE = {
    "Léa": ViewerContext("lea", age=27, country="FR", language="fr", interests=(str(BEAUTY),), may_profile=True),
    "Tom": ViewerContext("tom", age=15, country="FR", language="fr"),
    "somebody": ViewerContext(""),
}

index = AdIndex(
    [
        TargetedAd(ad_id=1, bound=2.1),
        TargetedAd(ad_id=2, bound=4.0, targeting=Targeting(locations=(FRANCE,), languages=("fr",))),
        TargetedAd(ad_id=3, bound=9.5, targeting=Targeting(locations=(FRANCE,), interests=(BEAUTY,))),
        TargetedAd(ad_id=4, bound=7.0, targeting=Targeting(age_groups=("AGE_18_24", "AGE_25_34")), countries=("FR",)),
    ]
)
for name, viewer in PEOPLE.items():
    print(name, "may be shown", [ad.ad_id for ad in index.best(viewer, 3, now_ms=NOW_MS)])
    print("  against ad 3:", [drop.name.lower() for drop in index.why_not(3, viewer, now_ms=NOW_MS)])
index.stop(3)
print("Léa, once ad 3 is stopped:", [ad.ad_id for ad in index.best(PEOPLE["Léa"], 3, now_ms=NOW_MS)])
