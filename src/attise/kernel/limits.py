"""Every limit of the house in one place, with the relations between them asserted."""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000

BODY_BYTES = 1 * MIB
"""A request body, uploads apart."""
UPLOAD_BYTES = 500 * MIB
"""A request body on a path that takes files."""
UPLOAD_ENVELOPE_BYTES = 1 * MIB
"""What a multipart body may weigh beside its file."""
VIDEO_BYTES = UPLOAD_BYTES
JSON_DEPTH = 32

GRANT_DAYS = (7, 30, 60, 365)
"""How long a creator may authorize a post for, in days of 24 hours."""
DEFAULT_GRANT_DAYS = 30
LOOK_MS = 15 * MINUTE_MS
"""How long an operator looks at a login's consoles, at most."""
ACCESS_REQUEST_LIFE_MS = 10 * MINUTE_MS
REMINDER_DAYS = (7, 3, 1)
CODES_AT_ONCE = 20
"""Codes that one dialog or request may apply; a bulk job takes more."""
BULK_ROWS = 10_000
MAX_ADVERTISERS_PER_GRANT = 100

CODE_FAILURES_PER_MINUTE = 10
CODE_FAILURES_PER_HOUR = 50
CODE_FAILURES_ADDRESS_FACTOR = 10
SIGN_IN_FAILURES = 10
"""Failures after which a growing delay is asked."""

STATE_LIFE_MS = 2_000
"""How long what a decision process read of the changes is good for, on the monotonic clock."""
POLL_MS = 500
"""How often a decision process reads the version row."""
LATE_RECEIPT_MS = MINUTE_MS
"""After a cut-off, events of earlier decisions are paid for if they are received within this time of it (wire)."""
BOOK_LINES = 10_000
"""Charges and transfers that one open book of the ledger takes."""
DELTA_POLL_MS = 250
"""How often the worker looks for changes to render."""
TOTALS_POLL_MS = 400
"""How often what was charged, and which limits were set, is told to decision processes."""
DELTA_LIFE_MS = 2 * DAY_MS
"""How long a delta is kept, and how long what is over stays in snapshots."""
SNAPSHOT_EVERY_MS = HOUR_MS
SNAPSHOT_DELTAS = 10_000
"""A whole snapshot is written after so many deltas, if not for its age."""
SNAPSHOT_FILES = 2
"""Whole snapshots kept in a data folder."""

SETTLE_EVENTS = 200
"""Events that are settled in one transaction, so that whoever else writes waits for a moment only."""
SETTLE_EVENTS_BEHIND = 1_000
"""The same where settling is far behind: what every batch costs is then paid once for so many."""
SETTLE_EVENTS_SHARED = 300
"""The same where it is far behind and somebody else wrote lately, who waits for one batch at most."""
SETTLE_BEHIND_BATCHES = 10
"""Settling is far behind after so many batches of which none reached the log's end."""
EXPORT_STEPS = 20_000
"""Steps of outcomes, and of conversions, that one file of facts is made from, about."""
RECEIPT_TO_LOG_MS = 3_000
"""How long after its receipt an event may reach the log (wire time): totals count on nothing later than that ago."""

FEED_ITEMS = 50
"""Items that one answer has at most."""
FEED_BODY_BYTES = 64 * KIB
"""A request for items; a viewer with all that may be said of them needs half of it."""
SESSION_CHARACTERS = 128
EVENTS_AT_ONCE = 1_000
"""Events of one batch."""
EVENTS_BODY_BYTES = 2 * MIB
"""A whole batch whose tokens, names and agents are all as long as they get."""
EVENT_CLOCK_MS = 5 * MINUTE_MS
"""How far a client's clock may be from ours; beyond that, an event was done when it was received."""
WATCH_MS_MOST = DAY_MS
"""What one event may say was watched; no token vouches for longer."""
EVENT_LOG_LIFE_MS = 30 * DAY_MS
"""How long decisions and events are kept in the log; what was counted of them stays."""
OUTCOME_LIFE_MS = 32 * DAY_MS
"""How long what came of one decision is kept as a row, counted from the decision; facts go on telling it."""
SAVED_REPORTS = 200
"""Reports that one advertiser keeps under a name."""
REPORT_TASKS = 20
"""Reports of an advertiser that wait or are being written."""
REPORT_LIFE_MS = DAY_MS
"""How long a written report can be taken."""
REPORT_LINK_LIFE_MS = 60 * MINUTE_MS
"""How long a link to it lives that needs no token."""
FACTS_LIFE_MS = 396 * DAY_MS
"""How long facts are kept, at least: a year and a month. Their sums stay in the roll-ups; exact reach does not."""

CAROUSEL_PICTURES = 35
CAPTION_CHARACTERS = 2_200
COMMENT_CHARACTERS = 150
COMMENTS_PER_MINUTE = 10
COMMENTS_PER_HOUR = 100
"""Of one person on pages of ours."""
NAME_CHARACTERS = 100
HANDLE_CHARACTERS = 24
TAGS = 30
TAG_CHARACTERS = 50
COMPANY_CHARACTERS = 200
BIO_CHARACTERS = 300
EMAIL_CHARACTERS = 254
PASSWORD_LEAST_CHARACTERS = 10
PASSWORD_CHARACTERS = 256
CREATOR_CATEGORIES = 10
REDIRECT_URIS = 10
"""Addresses that one app may send people back to."""
TOKEN_ADVERTISERS = 100
"""Advertisers that one access token may name."""
EXTERNAL_ID_CHARACTERS = 128
INTERESTS = 60
EXPORTED_ROWS = 10_000
"""Comments, and states put to objects, of the file that a viewer takes along: those last made."""
HIDDEN_ADS = 500
"""What one viewer may have hidden: ads, or whole advertisers; the oldest is shown again."""
FOLLOWS = 1_000
"""Creators that one viewer may follow."""
TARGETED_LOCATIONS = 3_000
TARGETED_ENTRIES = 1_000
"""Values of any other part of an ad group's targeting."""
TARGETED_BEHAVIOURS = 20
AUDIENCE_SAMPLE = 2_000
"""Viewers by whom the size of an audience is estimated: within 2.2 points of a hundred, 95 times of 100."""
AUDIENCE_FEW = 1_000
"""Fewer people than this are not counted out loud, and an audience of them is narrow: a warning, never a refusal."""
PIXELS = 100
"""Pixels of one advertiser."""
PIXEL_NAME_CHARACTERS = 40
PIXEL_EVENTS = 50
"""Events that one pixel may look for."""
PIXEL_RULES = 10
"""Rules of one such event."""
PORTFOLIOS = 1_000
"""Sets of buttons of one advertiser."""
PORTFOLIO_CONTENTS = 50
MOBILE_APPS = 100
"""Mobile apps of one advertiser."""
CONVERSIONS_AT_ONCE = 1_000
"""Events that one request of an advertiser's server may report."""
TAG_EVENTS = 50
"""Events that the tag reports at once."""
REFUSED_OF_REQUEST = 5
"""Of the events that one request brought and that were refused, those that are kept to be looked at."""
REFUSED_OF_PIXEL = 200
"""The newest refused events of a pixel that are kept."""
REFUSED_LIFE_MS = 7 * DAY_MS
"""How long they are kept."""
TAG_BODY_BYTES = 64 * KIB
"""What a browser sends as a beacon."""
CONVERSION_CONTENTS = 100
"""Things that one conversion may name."""
CONVERSION_CONTACTS = 10
"""Hashed contacts of a kind that one conversion may bring."""
CONVERSION_EVENT_CHARACTERS = 100
CONVERSION_CONTENT_CHARACTERS = 200
CONVERSION_PAGE_CHARACTERS = 512
CLICK_ID_CHARACTERS = 512
CONVERSION_AGE_MS = 28 * DAY_MS
"""How long ago what a server reports may have happened: the longest window of attribution."""
CONVERSION_AHEAD_MS = 5 * MINUTE_MS
CONVERSION_ONCE_MS = 2 * DAY_MS
"""How far apart two conversions of one name may lie and be the same."""
CONVERSION_MERGE_MS = 5 * MINUTE_MS
"""How far apart a page and a server may tell of the same, for the one to complete the other."""
CONVERSION_LIFE_MS = 90 * DAY_MS
"""How long conversions and the touches before them are kept; what was counted of them stays."""

MATURITY_MS = 30 * DAY_MS
"""How long after its event a creator's earning may be paid out: invalid traffic is found and given back before."""
CREDIT_MS = 30 * DAY_MS
"""How long after its event a charge is given back for invalid traffic."""
CREDITS_AT_ONCE = 500
"""Charges that one request may give back."""
ACCOUNT_HOLDER_CHARACTERS = 100
ACCOUNT_NUMBER_CHARACTERS = 60
PAYOUT_NOTE_CHARACTERS = 200
STATEMENT_DAYS = 366
"""Days that one statement may tell of."""
INVOICE_AFTER_MS = 2 * DAY_MS
"""How long after its month an invoice is made: by then what was decided in it has settled."""

NAME_SIGNS = 512
"""Of a campaign, an ad group or an ad; wide signs count two."""
DECLARED_MICROS = 10**15
"""The largest budget or bid: a thousand million units."""
SWITCHED_AT_ONCE = 20
"""Campaigns, ad groups or ads that one request may switch."""
CAMPAIGNS_PER_ADVERTISER = 10_000
"""Not counting those deleted."""
ADGROUPS_PER_ADVERTISER = 50_000
"""As above."""
ADS_PER_ADGROUP = 20
"""As above."""
ADS_PER_IDENTITY = 10_000
"""As above."""
ADS_AT_ONCE = 20
"""Creatives that one request may make or change."""
PO_NUMBER_CHARACTERS = 128
START_PAST_MS = 12 * HOUR_MS
"""How long ago a new schedule may have begun."""
SCHEDULE_YEARS = 10
"""How far ahead a schedule may reach; what goes on until it is stopped is told as ending then."""
DAYPARTS = 7 * 48
HOLDOUT_PPM_MOST = 500_000
"""Of a campaign's viewers, in parts per million: two equal arms tell the most, and a smaller one less than either."""
SPLIT_DAYS_MOST = 90
"""How long a split test may run."""
SPLITS_PER_ADVERTISER = 500
"""Split tests that an advertiser has made: far more than anybody reads."""
LOT_POSTS_LEAST = 2
"""Posts of a lot: one is boosted, and one is not."""
LOT_POSTS_MOST = 20
"""As many as an ad group has ads."""
LOTS_PER_ADVERTISER = 1_000
"""Lots that an advertiser has named; those drawn stay."""
FREQUENCY_MOST = 1_000
FREQUENCY_DAYS_MOST = 30

PAGE_LIMIT = 100
TICKET_LIFE_MS = 15 * MINUTE_MS
NEW_VIEWERS_PER_MINUTE = 60
NEW_VIEWERS_PER_HOUR = 600
"""Anonymous viewers that one address may become: a large office behind one door, not a program."""
BROWSER_VIEWER_LIFE_S = 180 * 86_400
"""How long a browser remembers which anonymous viewer it is."""
SIGN_IN_LINK_LIFE_MS = 15 * MINUTE_MS
INVITATION_LIFE_MS = 7 * DAY_MS
RESET_LINK_LIFE_MS = DAY_MS
"""It is handed over by a person, not by a mail server."""
OAUTH_CODE_LIFE_MS = 60 * MINUTE_MS
CREATOR_TOKEN_LIFE_MS = DAY_MS
CREATOR_REFRESH_LIFE_MS = 365 * DAY_MS
PREVIEW_LINK_LIFE_MS = 60 * MINUTE_MS
FILE_LINK_LIFE_MS = 6 * 60 * MINUTE_MS
TOKEN_IMPRESSION_MS = 30 * MINUTE_MS
"""How long after its decision an item's token vouches for its impression (wire time); below, for views and the rest."""
TOKEN_VIEW_MS = 120 * MINUTE_MS
TOKEN_ENGAGEMENT_MS = DAY_MS
TOKEN_CHARACTERS = 2_048
"""No token of ours is longer."""
IDEMPOTENCY_KEY_CHARACTERS = 255
IDEMPOTENCY_LIFE_MS = DAY_MS
ANSWER_TIMEOUT_S = 75
LOCK_WAIT_S = 20
"""How long a statement waits for SQLite's one writer before it."""
VERB_RETRIES = 5
"""How often a transaction that lost to another is done again."""
VERB_AGAIN_S = 30
"""No further try is begun that long after the first."""

if not POLL_MS * 4 <= STATE_LIFE_MS:
    raise AssertionError("a decision process needs several polls within the life of what it read")
if not 2 * (DELTA_POLL_MS + POLL_MS) <= STATE_LIFE_MS:
    raise AssertionError("a new ad is to be served two seconds after its answer, with time left to render it")
if not 2 * (TOTALS_POLL_MS + POLL_MS) <= STATE_LIFE_MS:
    raise AssertionError("delivery stops two seconds after a balance is spent")
if not SNAPSHOT_EVERY_MS * SNAPSHOT_FILES < DELTA_LIFE_MS:
    raise AssertionError("deltas must lead on from every snapshot that is kept")
if not TOKEN_IMPRESSION_MS <= TOKEN_VIEW_MS <= TOKEN_ENGAGEMENT_MS <= DAY_MS:
    raise AssertionError("a token opens on the day of its key and the day after, and must live no longer")
if not CONVERSION_MERGE_MS <= CONVERSION_ONCE_MS <= CONVERSION_AGE_MS <= CONVERSION_LIFE_MS:
    raise AssertionError("what is merged is the same, and a conversion outlives every window")
if not EVENT_LOG_LIFE_MS + TOKEN_ENGAGEMENT_MS <= OUTCOME_LIFE_MS:
    raise AssertionError("a recount of the log finds every outcome that it speaks of")
if not TOKEN_ENGAGEMENT_MS < INVOICE_AFTER_MS:
    raise AssertionError("an invoice waits for the last event of its month")
if not CREDIT_MS <= MATURITY_MS:
    raise AssertionError("what may be given back for invalid traffic is not paid out before")
if not UPLOAD_ENVELOPE_BYTES < UPLOAD_BYTES:
    raise AssertionError("an upload is mostly its file")
if not VERB_AGAIN_S + LOCK_WAIT_S < ANSWER_TIMEOUT_S:
    raise AssertionError("the last try of a transaction ends within the time that an answer may take")
