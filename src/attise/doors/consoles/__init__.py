"""The web consoles: viewer, creator, advertiser, operator, and the pages where people come in.

Owns no row: a page parses, calls an action or a query, and draws. Whatever a page can do, an API can do through the
same action. ``gate`` says who may open a page, ``visit`` who is there, ``frame`` what stands around it.
"""
