"""What can be done with ties and with the three lists."""
