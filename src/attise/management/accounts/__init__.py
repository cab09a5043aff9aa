"""Who is who: people, Business Centers, advertisers, creators, members with roles, and every credential.

Owns people (who sign in), Business Centers and their members, advertisers, creators, sessions' sign-in links and
invitations, developer apps with their OAuth codes and access tokens, and host keys. Whatever grants something is random
and stored hashed (SHA-256 for tokens and keys, Argon2id for passwords); it is shown once.

States: a token, key, link or code is *live* until revoked, used or past its end; a member is *bound* until removed, and
what they granted dies with their membership. An advertiser is enabled or disabled; a creator is active or gone.

Doors: ``actions``; reads through ``queries``. Announces ``key_stopped`` and ``creator_stopped`` / ``creator_changed``.
"""
