"""What happened: events and decisions kept, counted once, tied to one another and reported."""
