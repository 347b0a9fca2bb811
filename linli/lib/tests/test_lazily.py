import subprocess
import sys

import pytest

from linli.lib.lazily import Lazy


def test_the_module_is_loaded_when_it_is_used():
    code = (
        "import sys; from linli.lib.lazily import Lazy; late = Lazy('colorsys');"
        "before = 'colorsys' in sys.modules; late.rgb_to_hsv(0, 0, 0);"
        "print(before, 'colorsys' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_what_is_not_there_is_an_error():
    with pytest.raises(AttributeError):
        _ = Lazy("math").no_such_thing
    with pytest.raises(ModuleNotFoundError):
        _ = Lazy("no_such_module").anything
