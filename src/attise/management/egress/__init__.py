"""The one way out: fetches an address that someone else gave, and nothing that only our network can reach.

Owns no rows. A name is resolved once and the connection goes to the very address that was checked, so that a name that
answers differently the second time gains nothing; each hop of a redirect is read and checked anew; time and size are
bounded as a whole. Which private servers may be reached nevertheless is the operator's list (``ATTISE_MEDIA_HOSTS``).

Door: ``fetch.fetch``.
"""
