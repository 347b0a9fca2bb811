"""Shared by every test: catalogues are compiled, the clock stands where it stands."""

from linli.journal.testing import let_tests_flush
from linli.web import catalogues

catalogues.compile_all()
let_tests_flush()
