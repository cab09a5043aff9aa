"""What an advertiser measures with: pixels, which stand for its web pages, and its mobile apps.

Owns ``pixels_pixel``, ``pixels_event`` and ``pixels_mobileapp``. A pixel has a code that its pages name when they tell
what happened; the events of a pixel say what is looked for without a line of code on the page. An app is one page of a
store. What pages and apps tell is not here: it comes in through the edge.

A pixel's code grants nothing but to be counted: it stands in the source of public pages. It is random all the same, so
that nobody meets another's by chance. Nothing here is deleted but a pixel's events: ad groups and reports go on naming
pixels and apps.

Doors: ``actions`` (pixel, event, app), ``queries``. Announces nothing: what is here reaches decisions with an ad group.
"""
