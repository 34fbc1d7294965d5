"""A site whose user model is the least that Django asks for: an e-mail address to sign in with, and no name."""
