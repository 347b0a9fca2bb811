"""Pages of rolls: the desk's, and a member's own."""
