"""The planner: who goes where in a week or a month, proposed by `linli.rota`, decided by a person.

A feature of its own beside the activities: its tables, actions and pages are here, and nothing in
the rest of the app imports it.
"""
