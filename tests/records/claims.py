"""What tokens vouch for in tests: an ad that was shown, and an organic item."""

import msgspec

from attise.kernel.limits import DAY_MS
from attise.records.token import (
    AdClaims,
    Claims,
    TokenKind,
)

NOW_MS = 20_700 * DAY_MS + 40_000_000
AD = AdClaims(
    7_507_823_923_200_000_011,
    7_507_823_923_200_000_012,
    7_507_823_923_200_000_013,
    7_507_823_923_200_000_014,
    "OCPM",
    5_210,
    "EUR",
    (7_507_823_923_200_000_021, 7_507_823_923_200_000_022, 7_507_823_923_200_000_023, 7_507_823_923_200_000_024),
    20_000,
    100_000,
    6_000,
    "SEVEN_DAYS",
    "ONE_DAY",
    "ONE_DAY",
    "EVERY",
    7_507_823_923_200_000_031,
    7_507_823_923_200_000_041,
    is_spark=True,
)
CLAIMS = Claims(
    TokenKind.AD,
    7_507_823_923_200_000_001,
    7_507_823_923_200_000_002,
    7_507_823_923_200_000_003,
    7_507_823_923_200_000_004,
    "p" * 32,
    "s1",
    "feed",
    NOW_MS + 86_400_000,
    NOW_MS,
    12_000,
    3,
    8_123,
    17,
    is_exploration=False,
    ad=AD,
)
ORGANIC = msgspec.structs.replace(CLAIMS, kind=TokenKind.ORGANIC, ad=None)
