"""The management API in the dialect that advertising clients already speak: ``/open_api/v1.3/…``.

Place: a door of the site. Before: the edge passed the request on. After: rooms of management did what was asked.
Owns: the spelling of the dialect (paths, parameters, envelope, codes, times), and nothing of what is done.

Reading order: ``endpoint`` (how an endpoint is declared), ``dispatch`` (the order of checks every request goes
through), ``wire`` (decoding and answering), then one module per family of endpoints.
"""
