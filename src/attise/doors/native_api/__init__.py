"""The native API: ``/v1`` for the host of this installation, ``/sandbox/v1`` for tests against it.

Owns no row. A host key is the operator's credential; every answer is JSON with a real status, every "no" has one shape.

How a request passes, in order, each step a module:

1. ``urls`` finds the address (404) and the method (405).
2. ``gate`` asks who calls (401), how large and of what type the body is (413, 415).
3. ``strict_json`` reads the body (400); the shapes of ``schemas`` check it, all fields at once (422).
4. ``once`` looks the idempotency key up: an answer given before is given again, word for word.
5. A handler (``creators``, ``viewers``, ``posts``…) calls an action or a query and shapes its view.
6. ``wire`` writes the answer, or the refusal, in the caller's language.

``openapi`` describes all of it from the same declarations (``endpoint``): nothing is described but not there, or there
but not described.
"""
