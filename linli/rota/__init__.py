"""Who goes where, when: rotas with limits, rest and fairness, planned by a solver. No Django."""
