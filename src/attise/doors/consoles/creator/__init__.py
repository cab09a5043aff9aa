"""The creator's console: their posts, who may promote them and until when, and who asks for their account."""
