"""The journal: every act of a person, a program or the clock on what is declared here, of the whole house.

Owns no row. Each room keeps what happened to its own things, in the transaction in which it happened, and never changes
it: the histories of grants (chained by hash), of campaigns, ad groups and ads, the transfers of the ledger, and the
notices of what concerns people and keys. This room reads them as one list, newest first, for the operator alone.

Door: ``queries``.
"""
