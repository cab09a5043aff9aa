"""Papers as people read them: an invoice in words, and as a PDF made here, without a browser.

Both say the same: what was issued, in the reader's language; amounts exact to the micro where they do not end on a
cent. Fonts of the PDF are DejaVu Sans, cut to Latin, Greek and Cyrillic letters (``fonts/LICENSE``).
"""
