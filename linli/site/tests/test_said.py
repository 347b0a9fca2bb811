"""What somebody wrote carries its language where that is not the page's."""

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe

from linli.web.language import said


@pytest.mark.parametrize(
    ("page", "words", "drawn"),
    [
        ("en", "路灯不亮", '<span lang="zh-Hans">路灯不亮</span>'),
        ("zh-hans", "路灯不亮", "路灯不亮"),
        ("zh-hans", "The lamp is out", '<span lang="en">The lamp is out</span>'),
        ("en", "The lamp is out", "The lamp is out"),
        ("zh-hans", "B 栋的 Wi-Fi 坏了", "B 栋的 Wi-Fi 坏了"),
        ("zh-hans", "26 3842 0567", "26 3842 0567"),
        ("en", "", ""),
        ("en", None, ""),
        ("en", "<b>灯</b>", '<span lang="zh-Hans">&lt;b&gt;灯&lt;/b&gt;</span>'),
        ("en", mark_safe("<b>灯</b>"), '<span lang="zh-Hans"><b>灯</b></span>'),
    ],
)
def test_words_of_the_other_language_are_marked(page, words, drawn):
    with translation.override(page):
        assert said(words) == drawn
