"""Files of other platforms, read for the scout: formats told by their content, rows kept or told with their reason.

Order: ``opened`` finds and unpacks files, ``formats`` tells what each is, ``documents`` and ``tables`` take rows out of
it, ``gathered`` makes posts of the rows of all files. Nothing here trusts what it reads: whatever a file holds, it ends
in rows and in reasons, within the bounds of ``scout.bounds``.
"""
