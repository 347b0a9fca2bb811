"""Messages that describe one problem: the same name of a place or thing, and the same trouble.

Two messages are alike when they share rare signs (a name: of an estate, a road, a firm) and also
the commoner ones that say what is wrong there. Groups grow by average likeness, so that one odd
message cannot chain two problems together; then groups that are alike as wholes become one. A
group ends where nobody wrote for long. The same messages always give the same groups.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from linli.triage.words import common_words, grams, overlap, said

READ: Final = 200  # signs of the text that are compared; the title counts twice
SIZES: Final = (2, 3, 4)
ENOUGH_WORDS: Final = 3  # of titles; with fewer, the texts are asked
AMONG: Final = 1000  # fewer messages are weighed as though they stood among so many
ENOUGH: Final = 30.0  # among few messages, signs that so many hold still tell them apart
NAME: Final = 3  # from so many signs on it may be a name
MOST: Final = 6000  # messages compared with each other at once; more are taken in parts, by time
QUIET: Final = timedelta(days=90)
# How alike (0 to 1) messages of a group are on average, and groups that become one.
ALIKE: Final = 0.29
ALIKE_GROUPS: Final = 0.32
TROUBLE: Final = 0.1  # in the words that say what is wrong
TROUBLE_GROUPS: Final = 0.25

Table = Any  # scipy's sparse tables carry no types


@dataclass(frozen=True)
class Item:
    """One message. `place`: where it is, for all who wrote about it alike; may be ""."""

    key: str
    person: str
    at: datetime
    title: str
    text: str
    votes: int = 0
    place: str = ""


@dataclass(frozen=True)
class Group:
    """Messages about one problem, the oldest first, with the words that they share."""

    members: list[Item]
    words: list[str] = field(default_factory=list)

    @property
    def people(self) -> int:
        return len({item.person for item in self.members})

    @property
    def days(self) -> int:
        return (self.members[-1].at - self.members[0].at).days + 1

    @property
    def votes(self) -> int:
        return sum(item.votes for item in self.members)

    @property
    def heat(self) -> float:
        """People who wrote, more when they wrote within a short time; hands raised add a little."""
        return float(self.people / (1 + self.days / 30) ** 0.33 + 0.5 * np.log1p(self.votes))


def groups(
    items: Iterable[Item], apart: Callable[[str, str], bool] | None = None, quiet: timedelta = QUIET
) -> list[Group]:
    """Groups of two people or more, the hottest first.

    `apart` says of two keys whether somebody has said that they are not the same problem; a group
    ends where nobody wrote for `quiet`.
    """
    rows = sorted(items, key=lambda item: (item.at, item.key))
    found = []
    for start in range(0, len(rows), MOST):
        part = rows[start : start + MOST]
        found += [Group(members, shared_words(members)) for members in _of(part, apart, quiet)]
    hot = [group for group in found if group.people > 1]
    return sorted(hot, key=lambda group: (-group.heat, group.members[0].key))


def _of(
    rows: Sequence[Item], apart: Callable[[str, str], bool] | None, quiet: timedelta
) -> list[list[Item]]:
    if len(rows) < 2:
        return []
    signs = _Signs(rows)
    labels = signs.first_groups()
    members = signs.join_groups(labels)
    parts = [part for member in members for part in _bursts([rows[at] for at in member], quiet)]
    if apart is not None:
        parts = [piece for part in parts for piece in _separate(part, apart)]
    return [part for part in parts if len(part) > 1]


def _bursts(members: list[Item], quiet: timedelta) -> list[list[Item]]:
    parts = [members[:1]]
    for before, item in pairwise(members):
        if item.at - before.at > quiet:
            parts.append([])
        parts[-1].append(item)
    return parts


def _separate(members: list[Item], apart: Callable[[str, str], bool]) -> list[list[Item]]:
    """Who is not the same problem as anybody in a part starts another one."""
    parts: list[list[Item]] = []
    for item in members:
        for part in parts:
            if not any(apart(item.key, other.key) for other in part):
                part.append(item)
                break
        else:
            parts.append([item])
    return parts


class _Signs:
    """The tables that likeness is read from: names, and words of trouble."""

    def __init__(self, rows: Sequence[Item]) -> None:
        self.n = len(rows)
        counted = [Counter(grams(_words(row), SIZES)) for row in rows]
        held = Counter(gram for row in counted for gram in row)
        most = max(0.06 * self.n, ENOUGH)
        kept = {gram: at for at, gram in enumerate(sorted(g for g in held if 1 < held[g] <= most))}
        times = np.array([held[gram] for gram in kept], dtype=np.float32)
        size = np.array([len(gram) for gram in kept], dtype=np.int8)
        weights = np.log((1 + max(self.n, AMONG)) / (1 + times)) + 1
        names = (size >= NAME) & (times <= max(0.015 * self.n, ENOUGH))
        bound = _bound(held, self.n)
        free = np.array([gram not in bound for gram in kept], dtype=bool)
        self.every = _table(counted, kept, weights)
        self.names = self.every[:, np.flatnonzero(names)]
        self.trouble = _unit(self.every[:, np.flatnonzero((size == 2) & free)])
        places = sorted({row.place for row in rows})
        self.place = np.array([places.index(row.place) for row in rows])
        self.nowhere = places.index("") if "" in places else -1

    def first_groups(self) -> NDArray[np.int64]:
        """A label for each message: average likeness within, from the closest pairs upwards."""
        alike = _dot(self.names)
        strange = alike < 0.02
        alike *= 0.45
        alike += 0.6 * _dot(self.every)
        trouble = _dot(self.trouble)
        strange |= trouble < TROUBLE
        alike += 0.1 * trouble
        del trouble
        strange |= self._elsewhere(self.place, self.place)
        alike[strange] = 0
        np.clip(alike, 0, 1, out=alike)
        np.subtract(1, alike, out=alike)
        np.fill_diagonal(alike, 0)
        tree = linkage(squareform(alike, checks=False), "average")
        labels: NDArray[np.int64] = fcluster(tree, 1 - ALIKE, "distance").astype(np.int64) - 1
        return labels

    def _elsewhere(self, ones: NDArray[Any], others: NDArray[Any]) -> NDArray[np.bool_]:
        """Which pairs are known to be at two places."""
        known: NDArray[np.bool_] = (ones != self.nowhere)[:, None] & (others != self.nowhere)
        known &= ones[:, None] != others[None, :]
        return known

    def join_groups(self, labels: NDArray[np.int64]) -> list[list[int]]:
        """Groups that are alike as wholes become one, again and again until none are."""
        members = [np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)]
        while True:
            pairs = self._alike_groups(members)
            taken: set[int] = set()
            for _value, one, two in pairs:
                if one in taken or two in taken:
                    continue
                taken |= {one, two}
                members[one] = sorted(members[one] + members[two])
                members[two] = []
            if not taken:
                return members
            members = [group for group in members if group]

    def _alike_groups(self, members: list[list[int]]) -> list[tuple[float, int, int]]:
        """(likeness, group, group), the most alike first; one of the two has members already."""
        grown = [at for at, group in enumerate(members) if len(group) > 1]
        if not grown:
            return []
        mean = _means(members, self.n)
        every, trouble = _unit(mean @ self.every), _unit(mean @ self.trouble)
        shared = _common(members, self.names, self.n)
        value = (every[grown] @ every.T).toarray()
        value[(trouble[grown] @ trouble.T).toarray() < TROUBLE_GROUPS] = 0
        value[(shared[grown] @ shared.T).toarray() < 1] = 0
        place = np.array([self._where(group) for group in members])
        value[self._elsewhere(place[grown], place)] = 0
        value[np.arange(len(grown)), grown] = 0
        found = [
            (float(value[row, other]), grown[row], int(other))
            for row, other in enumerate(value.argmax(1)) if value[row, other] >= ALIKE_GROUPS
        ]  # fmt: skip
        return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))

    def _where(self, group: list[int]) -> int:
        """The place that most of a group's messages name; nowhere if none does."""
        named = Counter(int(at) for at in self.place[group] if at != self.nowhere)
        return min(named, key=lambda at: (-named[at], at)) if named else self.nowhere


def _words(row: Item) -> str:
    """What is compared of a message, in one spelling; the title twice."""
    title, text = said(row.title), said(row.text[: 2 * READ])[:READ]
    return f"{title} {title} {text}" if title else text


def _bound(held: Counter[str], n: int) -> set[str]:
    """Rare pairs of signs that hardly ever stand outside one longer run: parts of a name."""
    rare = min(12.0, 0.003 * n)
    bound = set()
    for gram, times in held.items():
        if len(gram) == 3 and 1 < times <= rare:
            bound |= {pair for pair in (gram[:2], gram[1:]) if held[pair] <= 1.25 * times}
    return bound


def _table(
    counted: Sequence[Counter[str]], kept: dict[str, int], weights: NDArray[np.float32]
) -> Table:
    places = [[kept[gram] for gram in row if gram in kept] for row in counted]
    times = [[row[gram] for gram in row if gram in kept] for row in counted]
    ends = np.cumsum([0, *(len(row) for row in places)])
    flat = np.fromiter((at for row in places for at in row), np.int64, ends[-1])
    value = np.fromiter((n for row in times for n in row), np.float32, ends[-1])
    value = ((1 + np.log(value)) * weights[flat]).astype(np.float32)
    return _unit(sparse.csr_matrix((value, flat, ends), shape=(len(counted), len(kept))))


def _unit(table: Table) -> Table:
    """The table with rows of length one."""
    length = np.sqrt(np.asarray(table.multiply(table).sum(1)).ravel())
    length[length == 0] = 1
    return (sparse.diags((1 / length).astype(np.float32)) @ table).tocsr()


def _dot(table: Table) -> NDArray[np.float32]:
    dense: NDArray[np.float32] = (table @ table.T).toarray()
    return dense


def _means(members: list[list[int]], n: int) -> Table:
    """A table that takes rows of messages to means of groups."""
    row = np.repeat(np.arange(len(members)), [len(group) for group in members])
    flat = np.array([at for group in members for at in group])
    value = np.concatenate([np.full(len(g), 1 / len(g), np.float32) for g in members])
    return sparse.csr_matrix((value, (row, flat)), shape=(len(members), n))


def _common(members: list[list[int]], names: Table, n: int) -> Table:
    """Which names at least half of a group's messages hold."""
    there = names.copy()
    there.data = np.ones_like(there.data)
    shared = (_means(members, n) @ there).tocsr()
    shared.data = (shared.data >= 0.5).astype(np.float32)
    shared.eliminate_zeros()
    return shared


def shared_words(members: Sequence[Item], most: int = 6) -> list[str]:
    """The longest runs of signs that at least half of the messages hold, the most shared first."""
    need = max(2, (len(members) + 1) // 2)
    titles = common_words([said(item.title) for item in members], need)
    texts = common_words([said(item.text[: 2 * READ])[:READ] for item in members], need, longest=6)
    more = [word for word in texts if not any(overlap(word, title) for title in titles)]
    return [*titles[:most], *more[: max(0, ENOUGH_WORDS - len(titles))]]
