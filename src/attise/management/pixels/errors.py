"""What this room refuses: codes, sentences and next steps."""

from __future__ import annotations

from attise.kernel.errors import N_, Kind, Reason

TOO_MANY_PIXELS = Reason(
    "pixels_too_many",
    N_("This advertiser has %(limit)s pixels already."),
    N_("Use one of them; its name can be changed."),
    Kind.CONFLICT,
)
PIXEL_CATEGORY = Reason(
    "pixel_category",
    N_("%(value)s is not a category of pixels: %(choices)s."),
    N_("Choose one of these, or leave the field out."),
)
TOO_MANY_EVENTS = Reason(
    "pixel_events_too_many",
    N_("A pixel looks for at most %(limit)s events; this would make %(got)s."),
    N_("Delete some of its events first."),
)
NO_EVENTS = Reason(
    "pixel_events_none",
    N_("No event is given."),
    N_("Give at least one."),
)
EVENT_NAME_TAKEN = Reason(
    "pixel_event_name_taken",
    N_("This pixel already has an event of this name: %(name)s."),
    N_("Give it another name, or change the one that is there."),
    Kind.CONFLICT,
)
EVENT_TYPE = Reason(
    "pixel_event_type",
    N_("%(value)s is not a kind of event that pages have."),
    N_("Give one of: %(choices)s; or leave it out and give the event a code of your own."),
)
EVENT_UNNAMED = Reason(
    "pixel_event_unnamed",
    N_("It is not said what this event is."),
    N_("Give a type, or a code of your own."),
)
EVENT_CODE = Reason(
    "pixel_event_code",
    N_("An event's code has letters, digits, dots, hyphens and underscores, and begins with a letter."),
    N_("Correct the code; it is what the page will send."),
)
EVENT_CHOICE = Reason(
    "pixel_event_choice",
    N_("%(value)s is not one of the values taken: %(choices)s."),
    N_("Choose one of these."),
)
EVENT_VALUE = Reason(
    "pixel_event_value",
    N_("A value is a plain amount of its currency, such as 12.50."),
    N_("Correct the amount, or leave it out."),
)
EVENT_VALUE_CURRENCY = Reason(
    "pixel_event_value_currency",
    N_("A value comes with its currency."),
    N_("Give both, or neither."),
)
TOO_MANY_RULES = Reason(
    "pixel_rules_too_many",
    N_("An event has at most %(limit)s rules; this one has %(got)s."),
    N_("Remove some."),
)
TOO_MANY_APPS = Reason(
    "mobile_apps_too_many",
    N_("This advertiser has %(limit)s apps already."),
    N_("Use one of them."),
    Kind.CONFLICT,
)
APP_TAKEN = Reason(
    "mobile_app_taken",
    N_("This app is registered already."),
    N_("Use the one that is there: its app_id is %(app_id)s."),
    Kind.CONFLICT,
)
APP_PAGE = Reason(
    "mobile_app_page",
    N_("The platform and the app cannot be told from this address."),
    N_("Give the app's page in the store of its system; for another store, say the platform and the package too."),
)
APP_PLATFORM = Reason(
    "mobile_app_platform",
    N_("An app runs on ANDROID or IOS; its page says which."),
    N_("Correct the platform, or leave it out."),
)
APP_STORE_ID = Reason(
    "mobile_app_store_id",
    N_("This is not the package or the number of the app on that page."),
    N_("Correct it, or leave it out."),
)
APP_MOVED = Reason(
    "mobile_app_moved",
    N_("Ads lead to the page of this app: it stays on %(host)s."),
    N_("Register an app for the other address, and make ads for it."),
)
APP_OTHER = Reason(
    "mobile_app_other",
    N_("This is the page of another app."),
    N_("Register that app by itself."),
)
