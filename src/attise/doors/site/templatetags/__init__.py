"""Template tags of the site; ``{% load attise %}``."""
