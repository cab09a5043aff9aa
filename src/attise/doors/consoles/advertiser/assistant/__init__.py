"""A campaign in five steps: objective, audience and budget, post, ad, check. Each has its address and keeps a draft.

What is typed is kept as it was typed (``campaigns.actions.save_draft``), at each step and whenever a field is left;
``forms`` reads it, ``plan`` makes of it what the rooms take, ``page`` shows and sends it.
"""
