"""Secret, open and shown hands: one counted vote a person, and a board that anyone can recount."""
