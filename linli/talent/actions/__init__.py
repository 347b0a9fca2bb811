"""What can be done with pools and cohorts: each verb one transaction, one line of the journal."""
