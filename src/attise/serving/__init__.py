"""What is decided while a viewer waits: no Django, no I/O inside, no clock, chance by keyed hash of the request."""
