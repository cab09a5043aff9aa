"""The consoles in a real browser, by people who live in a small town with a frozen clock."""
