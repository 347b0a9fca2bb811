"""The case loop: received, routed, accepted, answered, confirmed by the asker."""
