"""Published examples for the method of equal shares, as facts: costs, papers, money -> chosen.

`chosen` is what equal shares alone buys, `finished` what stands after the completion by support;
empty where the source does not say. Several sets: it leaves a tie open, and any of them is right.
"""

from dataclasses import dataclass, field

PABUTOOLS = "COMSOC-Community/pabutools, tests/rules/test_rule.py, cost satisfaction"
ABCVOTING = "martinlackner/abcvoting, tests/test_abcrules.py"
BOOK = "M. Lackner, P. Skowron, Multi-Winner Voting with Approval Preferences (2023)"
WHALRUS = "Whalrus, tests of EqualShares"


@dataclass(frozen=True)
class Known:
    name: str
    source: str
    costs: dict[str, int]
    papers: str  # "3 ab, 1 c"; "-" names nothing and counts as an abstention
    budget: int
    chosen: tuple[str, ...]
    finished: tuple[str, ...] = field(default=())

    @property
    def votes(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for part in self.papers.split(","):
            n, named = part.split()
            choice = () if named == "-" else tuple(sorted(named))
            found[choice] = found.get(choice, 0) + int(n)
        return found


def one(options: str) -> dict[str, int]:
    return dict.fromkeys(options, 1)


def analytics(costs: str, third: str, fourth: str) -> tuple[dict[str, int], str]:
    """The ten voters of test_mes_analytics; two of them differ from case to case."""
    papers = f"2 ab, 1 a, 1 {third}, 1 {fourth}, 1 ac, 2 ad, 2 e"
    return dict(zip("abcde", map(int, costs), strict=True)), papers


EXAMPLES = (
    Known("approval example 2", PABUTOOLS, {"a": 100, "b": 90, "c": 200, "d": 109},
          "1 a, 2 bcd, 1 c", 400, ("ac",)),
    Known("approval example 3, projects nobody names", PABUTOOLS,
          {"a": 100, "b": 90, "c": 200, "d": 109, "e": 109, "f": 109},
          "1 a, 2 bcd, 1 c", 400, ("ac",)),
    Known("an empty paper", PABUTOOLS, {"a": 1, "b": 3, "c": 2, "d": 1}, "1 -", 3, ("",)),
    Known("everything can be paid", PABUTOOLS, {"a": 1, "b": 3, "c": 2, "d": 1}, "1 abcd", 7,
          ("abcd",), ("abcd",)),
    Known("running example", BOOK + "; " + PABUTOOLS, one("abcdefg"),
          "3 ab, 3 ac, 2 ad, 1 bcf, 1 e, 1 f, 1 g", 4, ("a",)),
    Known("completion", PABUTOOLS, {"a": 1, "b": 2, "c": 2, "d": 1, "e": 1, "f": 1},
          "2 ab, 1 a, 3 ac, 2 ad, 1 f, 1 e", 5, ("a",)),
    Known("one group can pay", PABUTOOLS, {"a": 2, "b": 2, "c": 3}, "5 a, 1 b, 2 c", 4, ("a",)),
    Known("analytics 1", PABUTOOLS, *analytics("11212", "ac", "ac"), 5, ("a",)),
    Known("analytics 2", PABUTOOLS, *analytics("11212", "abc", "a"), 5, ("ab",)),
    Known("analytics 3", PABUTOOLS, *analytics("11212", "abc", "abc"), 5, ("ab",)),
    Known("analytics 4", PABUTOOLS, *analytics("51212", "abc", "abc"), 5, ("bd",)),
    Known("analytics 5", PABUTOOLS, *analytics("55555", "abc", "abc"), 5, ("",)),
    Known("two thirds each (the last step of iterated exhaustion)", PABUTOOLS,
          dict.fromkeys("abcdefgh", 3), "2 ab, 2 ac, 2 ad, 1 bcf, 1 e, 1 f, 1 g", 20, ("abcd",)),
    Known("profile 1", ABCVOTING, one("abcdef"),
          "1 aef, 1 a, 1 bef, 1 b, 1 cef, 1 c, 1 def, 1 d", 4, ("ef",),
          ("abef", "acef", "adef", "bcef", "bdef", "cdef")),
    Known("profile 2", ABCVOTING, one("abcde"), "5 abc, 1 ab, 2 de, 1 d", 3, ("abd",), ("abd",)),
    Known("profile 3", ABCVOTING, one("abcdef"),
          "1 adef, 1 bc, 1 acf, 1 c, 1 abcde, 1 ade, 1 ace, 1 ab", 4, ("ac",), ("abce", "acde")),
    Known("profile 4", ABCVOTING, one("abcd"), "1 abd, 2 ab, 1 ad, 1 cd", 2, ("a",), ("ab", "ad")),
    Known("profile 5, two camps of five", ABCVOTING, one("abcdefghij"), "1 abcde, 1 fghij", 2,
          tuple(x + y for x in "abcde" for y in "fghij")),
    Known("two voters, four seats", ABCVOTING, one("abcdef"), "1 abc, 1 bd", 4, (), ("abcd",)),
    Known("a voter of weight five", ABCVOTING, one("abc"), "3 a, 5 b", 1, (), ("b",)),
    Known("eleven voters, five projects", WHALRUS,
          {"A": 700, "B": 400, "C": 250, "D": 200, "E": 100},
          "1 AB, 1 ABC, 1 AB, 2 ABC, 1 AB, 1 CDE, 1 D, 1 DE, 1 CDE, 1 A", 1100, ("ADE",)),
    Known("the same with more money", WHALRUS, {"A": 700, "B": 400, "C": 250, "D": 200, "E": 100},
          "1 AB, 1 ABC, 1 AB, 2 ABC, 1 AB, 1 CDE, 1 D, 1 DE, 1 CDE, 1 A", 1500, ("ACDE",)),
    Known("the same with one other paper", WHALRUS,
          {"A": 700, "B": 400, "C": 250, "D": 200, "E": 100},
          "1 AB, 1 ABC, 1 AB, 2 ABC, 1 AB, 1 CDE, 1 D, 1 DE, 1 CDE, 1 B", 1100, ("BCD",)),
)  # fmt: skip
