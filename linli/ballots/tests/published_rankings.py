"""Published elections and worked examples for the Schulze rule, as facts: papers -> result.

"official" are the examples of M. Schulze's paper, as the test suite of the Condorcet project
(julien-boudry/Condorcet, SchulzeTest) states them; where a paper leaves the last option out, it is
behind. A result is the list of levels, or the winners alone where only they were published.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    name: str
    source: str
    papers: str  # "3 ABCD, 2 CBA"
    winners: str
    order: str = ""  # levels joined by ">", if published

    @property
    def votes(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for part in self.papers.split(","):
            n, order = part.split()
            found[tuple(order)] = found.get(tuple(order), 0) + int(n)
        return found

    @property
    def options(self) -> str:
        return "".join(sorted({one for choice in self.votes for one in choice}))


OFFICIAL = "Schulze (2011), examples, as tested in julien-boudry/Condorcet"
WIKIPEDIA = "Wikipedia, Schulze method"

EXAMPLES = (
    Known("official 1", OFFICIAL, "8 ACDB, 2 BADC, 4 CDBA, 4 DBAC, 3 DCBA", "D"),
    Known("official 2", OFFICIAL, "3 ABCD, 2 CBDA, 2 DABC, 2 DBCA", "BD", "BD>AC"),
    Known("official 3", OFFICIAL, "12 ABCD, 6 ADBC, 9 BCDA, 15 CDAB, 21 DBAC", "D"),
    Known("official 4", OFFICIAL, "6 ACDB, 1 BADC, 3 CBDA, 3 DBAC, 2 DCBA", "AD"),
    Known(
        "official 5, situation 1", OFFICIAL,
        "3 ADEBCF, 3 BFECDA, 4 CABFDE, 1 DBCEFA, 4 DEFABC, 2 ECBDFA, 2 FACDBE", "A",
    ),
    Known(
        "official 5, situation 2 (two more voters for A make A lose)", OFFICIAL,
        "3 ADEBCF, 3 BFECDA, 4 CABFDE, 1 DBCEFA, 4 DEFABC, 2 ECBDFA, 2 FACDBE, 2 AEFCBD", "D",
    ),
    Known(
        "official 6, situation 1", OFFICIAL,
        "3 ABDC, 5 ADBC, 1 ADCB, 2 BADC, 2 BDCA, 4 CABD, 6 CBAD, 2 DBCA, 5 DCAB", "A",
    ),
    Known(
        "official 6, situation 2", OFFICIAL + "; order: electowiki, as tested in icelect",
        "3 ABDEC, 5 ADEBC, 1 ADECB, 2 BADEC, 2 BDECA, 4 CABDE, 6 CBADE, 2 DBECA, 5 DECAB",
        "B", "B>A>D>E>C",
    ),
    Known(
        "official 8", OFFICIAL,
        "9 ADBEC, 6 BCADE, 5 BCDEA, 2 CDBEA, 6 DECBA, 14 EACBD, 2 ECABD, 1 EDACB", "B",
    ),
    Known(
        "official 9", OFFICIAL,
        "9 ADBEC, 1 BACED, 6 CBADE, 2 CDBEA, 5 CDEAB, 6 DECAB, 14 EBACD, 2 EBCAD", "E",
    ),
    Known(
        "official 10, 45 voters", OFFICIAL + "; " + WIKIPEDIA,
        "5 ACBED, 5 ADECB, 8 BEDAC, 3 CABED, 7 CAEBD, 2 CBADE, 7 DCEBA, 8 EBADC",
        "E", "E>A>C>B>D",
    ),
    Known(
        "30 voters", WIKIPEDIA + ", the Schwartz set heuristic; bradbeattie/python-vote-core",
        "3 ACDB, 9 BACD, 8 CDAB, 5 DABC, 5 DBCA", "C",
    ),
    Known(
        "30 voters, four options", "Electowiki, Schulze method, as tested in icelect",
        "5 ACBD, 2 ACDB, 3 ADCB, 4 BACD, 3 CBDA, 3 CDBA, 1 DACB, 5 DBAC, 4 DCBA",
        "D", "D>A>C>B",
    ),
    Known(
        "921 voters (Abby, Brad, Cora, Dave, Erin)", "julien-boudry/Condorcet, testResult_11",
        "98 ACEDB, 64 BAECD, 12 BAEDC, 98 BEACD, 13 BEADC, 125 BEDAC, 124 CAEDB, 76 CEADB, "
        "21 DABEC, 30 DBAEC, 98 DBECA, 139 DCABE, 23 DCBAE",
        "A", "A>B>E>D>C",
    ),
    Known(
        "60 voters", "Condorcet's own example; jcornaz/kondorcet",
        "23 ACB, 19 BCA, 16 CBA, 2 CAB", "C", "C>B>A",
    ),
    Known(
        "capital of Tennessee (Memphis, Nashville, Chattanooga, Knoxville)",
        "Wikipedia, Condorcet method", "42 MNCK, 26 NCKM, 15 CKNM, 17 KCNM", "N", "N>C>K>M",
    ),
    Known(
        "papers that name few options (Orange, Pear, choc, Strawberry, candy)",
        "R package of score, approval and Schulze voting: its test of the basics",
        "4 O, 2 PO, 8 HS, 4 HY, 1 S, 1 Y", "H",
    ),
    Known(
        "two voters, a tie", "bradbeattie/python-vote-core, tie-breaker bug", "1 A, 1 BAC", "AB"
    ),
)  # fmt: skip

# Published duels: "ab": how many put a before b. Whoever beats all others wins, whatever the unit.
DUELS = (
    (
        "Burlington 2009, mayor (Kiss, Montroll, Smith, Wright)",
        "Electowiki, 2009 Burlington mayoral election; Smith and Wright: ranked.vote, in percent",
        {"MK": 4067, "KM": 3477, "KS": 3946, "SK": 3577, "KW": 4314, "WK": 4064, "MS": 4573,
         "SM": 2998, "MW": 4597, "WM": 3668, "WS": 511, "SW": 489},
        "M",
    ),
    (
        "Alaska 2022, special election (Begich, Peltola, Palin), in thousandths",
        "ranked.vote report of 16 August 2022: Begich was the Condorcet winner",
        {"BP": 525, "PB": 475, "BL": 614, "LB": 386, "PL": 514, "LP": 486},
        "B",
    ),
    (
        "Debian 2006, vote 5: recall of the project leader (1) or further discussion (2)",
        "debian.org/vote/2006/vote_005, the beat matrix",
        {"12": 48, "21": 277},
        "2",
    ),
)  # fmt: skip

# Schulze's example 7: papers on which several options stand side by side, as 12 groups. Winning
# votes elect D (margins A, ratio B).
EQUAL_RANKS = (
    "Schulze (2011), example 7, as tested in julien-boudry/Condorcet",
    "6 A>B>C>D, 8 A=B, 8 A=C, 18 A=C>D, 8 A=C=D, 40 B, 4 C>B>D, 9 C>D>A, 8 C=D, 14 D>A>B, "
    "11 D>B>C, 4 D>C>A",
    "D",
)
