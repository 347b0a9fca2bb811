"""A work method is a file: the schema of a playbook, its loader and its cross-checks.

Plain Python without Django. ``current()`` gives the playbook in use.
"""

from linli.playbook.loader import Playbook, current, load, use
from linli.playbook.problems import PlaybookErrors, Problem

__all__ = ["Playbook", "PlaybookErrors", "Problem", "current", "load", "use"]
