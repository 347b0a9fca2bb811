"""Procedures as data: stages, rolls, quorum, notices, objections, and the ledger of what was decided."""
