"""``/boutique/``: a small shop with our tag, for sandboxes and demos, as an advertiser's own would be.

A person looks at things, puts some into a cart and orders them; nothing is sold and nothing is sent. Its pages work
without scripts; with them, and once the visitor has agreed, the tag tells what happens, and the shop's server tells of
an order too, under the same name, so that both are one. It owns no row: the cart is a cookie, an order is its address.

Which pixel it speaks for: that of ``?pixel=CODE``; else the first one of the advertiser whose ad was clicked; else the
first one of the house. Without a pixel it is a shop without a tag.
"""
