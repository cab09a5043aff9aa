"""What happened on advertisers' pages, counted once, and the ad that it is credited to.

Owns ``conversions_conversion`` (one row for what happened, however often and by whom it was told),
``conversions_matchkey`` (the hashed names by which its person may be met again, on the same advertiser's pages) and
``conversions_touch`` (one row for each decision that showed an ad to somebody: when it was seen, watched and clicked,
and how long a conversion may follow).

A conversion is credited to the last touch of its person within the touch's own window; a click comes before a view
watched for six seconds, and this before an impression (``rules``). Who the person is: whoever followed the click that
the page's address bore; else whoever followed a click that one of the same advertiser's conversions under the same
hashed address, number, name or browser had. Nothing of one advertiser's pages is used for another's.

Order does not matter: a touch that is settled after its conversion, or a name that is learned later, has what it bears
on credited anew. Under other windows everything can be recounted from the same rows (``queries.recount``).

A conversion is *final* when a touch that it follows from was let go of, for its age or because its person was erased:
its credit stays as it is.

Doors: ``actions`` (``settle``, in the transaction that settles events; ``sweep``; ``forget_people``), ``queries``,
``recount`` (for verifying), ``rules`` and ``telling`` (pure).
Announces nothing.
"""
