"""What would make a campaign do better, told with the figure behind it. It owns no rows and reads none: pure.

``facts`` is what a campaign's ad groups and ads came to lately, as plain numbers; ``rules`` what follows from them, at
most five things, the gravest first. Whoever asks gathers the facts, says each in words, and does what its button says
by the very action that a person would take.
"""
