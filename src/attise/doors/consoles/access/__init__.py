"""Coming in: signing in by password or by link, passwords, invitations, one's own login, and agreeing to an app."""
