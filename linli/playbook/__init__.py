"""A work method is a file: the schema of a playbook, its loader and its cross-checks.

Plain Python without Django. ``loader.current()`` gives the playbook in use.
"""
