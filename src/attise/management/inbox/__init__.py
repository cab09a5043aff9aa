"""Up to where people have read what they were told, and who wants it by e-mail too.

Owns ``inbox_place`` and ``inbox_mailing``. Notices themselves are the outbox's, written by whoever announces; one is
read for one person and not for another, since several may act for the same advertiser. An audience is whose notices are
read, as the outbox calls it, or ``viewer``: what concerns a person as a viewer, which nobody writes down and whose
place is a time.

E-mail is asked for, never assumed. A digest is sent at most once an hour, and says only what was neither read nor
mailed before.
"""
