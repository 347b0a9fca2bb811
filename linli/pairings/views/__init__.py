"""Pages of ties and of the three lists."""
