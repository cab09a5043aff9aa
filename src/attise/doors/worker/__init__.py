"""The loops behind the doors: ``settle`` and ``worker``, each a process that does named jobs again and again.

``loops`` is the runner, ``heart`` says that the process lives, ``jobs`` names what is done. Owns no table; jobs call
the actions of rooms.
"""
