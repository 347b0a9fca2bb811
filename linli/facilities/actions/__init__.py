"""What is done with facilities: each verb one transaction, one line of the journal."""
