"""What happened: one line for each action, followers, the daily seal."""
