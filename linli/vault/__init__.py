"""What must stay sealed: contacts, identities, a key for each person, every read logged."""
