"""How values travel in the dialect: what is read from a query, a JSON body or a form, and how answers are wrapped.

Pure as far as it can be: nothing here knows an endpoint or a room.
"""
