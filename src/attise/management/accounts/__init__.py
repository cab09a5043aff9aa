"""Who is who: people, Business Centers, advertisers, creators, members with roles, and every credential.

Owns people (who sign in), Business Centers and their members, advertisers, creators, single-use links (to sign in, to
choose a password, to accept an invitation), developer apps with their OAuth codes and access tokens, and host keys.
Whatever grants something is random and stored hashed (SHA-256 for tokens, keys, codes and links, Argon2id for
passwords); it is shown once.

Owns too what an operator did about a login, a creator or an advertiser (suspended, restored, with strikes), and each
*look*: a login's consoles seen by an operator as its person sees them, to read alone, for a while, with the reason.

States: a token, key, link or code is *live* until revoked, used or past its end; a member is *bound* until removed, and
what they granted dies with their membership; a creator is *active* or *gone*. Lives of secrets are wire time.

``rules`` says who may do what, ``credentials`` how secrets are spelled, ``facts`` what an address may be. Doors:
``actions``; reads through ``queries``. Announces ``key_stopped``, ``creator_stopped``, ``creator_changed`` and
``advertiser_changed``; tells a Business Center who was invited, joined, changed or left, and the operator of passwords
changed or asked for, of links made and of keys of the host made or revoked.
"""
