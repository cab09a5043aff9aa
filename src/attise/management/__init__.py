"""What people declare: accounts, posts, authorizations, and the changes that decisions must learn of.

Each room owns its rows; a verb is one transaction; queries return plain values.
"""
