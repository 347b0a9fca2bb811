"""What is compiled at installation is everything that is compiled."""

import pytest

from linli.reach.compiled import AVAILABLE
from linli.reach.warming import dispatchers, warm

INNER = {"_one"}  # compiled into its only caller


@pytest.mark.skipif(not AVAILABLE, reason="nothing is compiled without numba")
def test_no_kernel_is_left_for_the_first_question():
    warm()
    cold = {one.py_func.__name__ for one in dispatchers() if not one.signatures}
    assert cold <= INNER
    assert len(dispatchers()) >= 15
