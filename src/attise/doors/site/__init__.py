"""The site: Django's settings, addresses, middleware, page foundations and languages.

Owns no row. Composes the other doors behind one WSGI application, which the edge alone reaches over a Unix socket.
"""
