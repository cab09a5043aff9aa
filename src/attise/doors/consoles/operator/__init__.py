"""The operator's console: people and their links, the keys of the host, the journal."""
