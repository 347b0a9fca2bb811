"""Shared by every test: catalogues are compiled, the clock stands where it stands."""

from django.utils.translation import trans_real

from linli.journal.testing import let_tests_flush
from linli.web import catalogues

if catalogues.compile_all():  # some module may have loaded the old ones at start
    trans_real._translations.clear()
    trans_real._default = None
let_tests_flush()
