"""Viewers: declared facts, consent, follows; for each, the one record that serving may read.

Owns ``viewers_viewer``. ``record`` holds the JSON of ``records.viewer.Viewer``, rewritten in the transaction of each
change, which also announces ``viewer_changed``. A viewer's own key makes its pseudonym: erasing the viewer destroys it.
Absent consent is refused consent; an unknown age is unknown, never adult. Of a person of this installation the record
also says for which creators and advertisers they act (``owned``), as of the last change or ticket.

States: a viewer is there until erased. Doors: ``actions``; reads through ``queries``; tickets are opened elsewhere by
``records.ticket``.
"""
