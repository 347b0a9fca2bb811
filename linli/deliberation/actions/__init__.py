"""What can be done here: one function, one transaction, one line in the journal."""
