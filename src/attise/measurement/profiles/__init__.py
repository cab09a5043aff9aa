"""What viewers seem to like and lately did, derived from what was counted of them. Pure: no table, no clock, no Django.

``topics`` says what a post or a creator is about; ``evidence`` keeps the latest of each sort of act on each of them;
``deriving`` says which interests and behaviours follow from that at a moment. The rows are the viewer's, so they stand
in ``management.viewers``, where a withdrawal takes them away in its own transaction; ``doors.worker`` brings the two
together.

Whose acts may come here is not decided here: adults who consent, from the moment on from which they do
(``management.viewers.profiling``). Owns no row; announces nothing.
"""
