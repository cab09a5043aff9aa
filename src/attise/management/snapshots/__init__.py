"""Renders what people declared into what serving loads: whole snapshots, and deltas upon them.

Owns ``snapshots_position`` (one row: up to which change deltas have been made, and who makes them now),
``snapshots_delta`` (numbered without a gap, kept for two days, read by decision processes with plain SQL),
``snapshots_file`` (which files were written where) and the files themselves, in the folder ``snapshots`` of the data
folder. The shapes are ``records.snapshot``'s.

What is in a snapshot: every ad that may run without anybody's act, and every post of the organic feed. What time or
money decides (schedules, ends of grants, envelopes, creators' terms) is carried and judged at the decision; what was
over for two days is left out. So a paused ad, one in review or one without a grant is not there, and comes by a delta
once it may run.

What makes a delta: a change that adds, of whatever the ad stands on; a change that stops one grant where another opens
the same post; a grant that the clock ended, likewise. Other stops make none: decision processes heed them by
themselves, at once. A delta is always the whole object as it stands, so that none depends on the one before.

How none is missed and none made twice: what changed is read at one version of the house; the deltas and the place
reached are written in one transaction that does nothing if somebody else has been there. A worker that dies anywhere
leaves the place where it was; of two workers one holds a lease, which spares work and guards nothing.

Doors: ``actions.follow``, ``actions.write_file``, ``actions.sweep``, ``queries``. Announces nothing.
"""
