"""CommonMark without a way in: whatever is written, only a short list of elements comes out."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli import playbook
from linli.forum import adverts, markup

WAYS_IN = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))", "[a](data:text/html;base64,PHNjcmlwdD4=)", "[a](vbscript:x)",
    "![x](https://evil.example/p.png)", "[a](//evil.example/)", "[a](/\\evil.example/)",
    "<a href='javascript:x'>a</a>", "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>",
    "```html\"><script>\nx\n```", "[a](https://e.example/ \"t\" onclick=x)", "<!-- x -->", "&lt;script&gt;",
    "[a](https://e.example/\"onmouseover=\"x)", "<svg/onload=x>", "`<b>`", "[a](java\tscript:x)",
    "<?php x ?>", "<![CDATA[x]]>", "[a](file:///etc/passwd)", "[\u202e](https://e.example)",
]  # fmt: skip


@pytest.mark.parametrize("text", WAYS_IN)
def test_no_way_in(text):
    html = markup.render(text)
    assert markup.is_safe(html)
    for bad in ("<script", "<img", 'href="javascript', "<svg", 'href="data', "<!--", "<?", "<b>"):
        assert bad not in html


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="<>[]()!\"'`*_#-+> \n&;:/\\abjsx字=.0", max_size=200))
def test_nothing_but_the_short_list_comes_out(text):
    assert markup.is_safe(markup.render(text))


def test_links_say_that_they_are_a_users():
    html = markup.render("[看](https://e.example/?a=1&b=2) <https://f.example>")
    assert html.count('rel="nofollow ugc noopener"') == html.count("<a ") == 2


@pytest.mark.parametrize("html", ["<p onclick=x>a</p>", "<b>a</b>", "<a href='javascript:x'>a</a>",
                                  "<!--x-->", "<p style='x'>", "<a href>x</a>"])  # fmt: skip
def test_the_second_look_would_see_it(html):
    assert not markup.is_safe(html)


def test_what_would_not_be_safe_becomes_plain_paragraphs(monkeypatch):
    monkeypatch.setattr(markup._PARSER, "render", lambda text: "<script>x</script>")
    assert markup.render("a<b\n\nc") == "<p>a&lt;b</p>\n<p>c</p>\n"


def test_deep_and_long_texts_end():
    began = time.process_time()
    for text in ("> " * 5000 + "a", "[" * 5000, "*a " * 3000, "`" * 5000, "- " * 4000):
        markup.render(text[:10_000])
    assert time.process_time() - began < 20


FORUM = playbook.current().county.forum


@pytest.mark.parametrize(
    ("text", "newcomer", "held"),
    [
        ("路灯坏了三天。", False, False),
        ("看公告 https://www.liyang.gov.cn/a", True, False),
        ("看公告 https://gov.cn.evil.top/a", True, True),
        ("这篇文章写得好 https://news.example.com/1", False, False),
        ("这篇文章写得好 https://news.example.com/1", True, True),
        ("点 t.cn/abc", False, True),
        ("代开发票，薇 信：abc12345", False, True),
        ("贷款的事谁懂？", False, False),
        ("a.com b.com c.net d.top", False, True),
        ("www.shop.top/x\n" + "正文说的是另一件事。" * 40, False, True),
        ("版本 3.14，宽 2.5 米，e.g. 这样", True, False),
        ("写信到 someone@example.com", True, False),
        ("低\u200b价\u200b出\u200b售", False, True),
        ("ｈｔｔｐ://ｓｈｏｐ.ｔｏｐ", True, True),
    ],
)
def test_the_advert_screen(text, newcomer, held):
    found = adverts.judge("题目", text, forum=FORUM, own_host="linli.example.cn", newcomer=newcomer)
    assert bool(found) == held, found


def test_the_page_this_forum_learned_from_would_have_been_held():
    article = "http://ads.example.xyz/register\n" + "基层治理的长文章。" * 100
    assert "link on top" in adverts.judge("标题", article, forum=FORUM, own_host="x.cn")
