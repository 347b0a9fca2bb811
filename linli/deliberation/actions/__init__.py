"""What can be done to a motion, a roll and the log of concerns: one verb, one transaction."""
