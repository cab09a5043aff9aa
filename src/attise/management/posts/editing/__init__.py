"""The built-in creative tool: where a video is cut, its cover, words over it, a sound under it.

Owns no rows. ``edits`` is the list of what is done and its rules, pure; ``sounds`` the sounds that go under a video,
computed here; ``lettering`` draws words; ``rendering`` makes the video that is published. The one that was sent stays
as it is until then.
"""
