"""What can be done with a roll: entering, noting papers, moving on, steps against somebody."""
