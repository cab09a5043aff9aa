"""``attise drill``: mixed load on a served house whose processes are killed meanwhile, then what must hold.

``town`` makes the house's creators, ads and money; ``people`` and ``managers`` are its load, through the public port
alone; ``asking`` calls it and notes every answer in ``told``; ``kills`` kills; ``seen`` reads what is durable in the
end, and ``invariants`` compares it with what was told. ``drill`` is all of it in its order.
"""
