"""The consoles' pages, asked for as a browser asks."""
