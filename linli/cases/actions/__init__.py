"""The verbs of a case. Each is one function, one transaction, one line in the journal."""
