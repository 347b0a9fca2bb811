"""Boards, topics and numbered floors: where a neighbourhood talks, with its moderation in public."""
