"""What is so: tastes, hidden quality, why people leave, like and buy. The house never learns it, only what people do.

Nothing but the story imports it (``.importlinter``, tests/house/test_walls.py): what a model were to read here would
be no prediction. It is richer than the models that are tested against it: tastes of 24 dimensions that drift, hazards,
herding, fatigue, delays of two kinds. Everything is drawn whole columns at a time, from one generator: the same seed,
the same truth.
"""
