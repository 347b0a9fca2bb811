"""Stars and hours: a double-entry ledger of what volunteers did, with the evidence behind each line."""
