"""Ties between two kinds of party: purpose, cadence, contacts kept, end; and the three lists that match."""
