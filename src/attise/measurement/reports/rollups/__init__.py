"""Roll-ups: facts added up by what reports group by, published as generations of immutable files.

``kinds`` says what each roll-up holds, as SQL over facts; ``growing`` makes the next part, ``merging`` says which are
added up into one; ``manifest`` says which files make a generation, and how one takes the place of another; ``reading``
is how reports reach them. None of them knows the database. ``reports.actions.roll_up`` publishes; the folder
``rollups`` of the data folder is theirs alone.

Every number of a roll-up is a sum, so parts of stretches of the log are simply added up by whoever reads. A stretch is
rolled up once: the manifest says up to where, in the same breath as which files hold it.
"""
