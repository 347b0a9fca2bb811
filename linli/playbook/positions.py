"""On which line of a TOML file a table or a key stands.

``tomllib`` gives values without lines. This scanner reads text that ``tomllib`` has already
accepted, so it only has to follow the structure and never has to find mistakes.
"""

import re
from bisect import bisect_left
from typing import Final

Path = tuple[str | int, ...]

_SPACE: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_BARE: Final = re.compile(r"[^,\]}#\n]+")


def positions(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and list item, by its path in the parsed file.

    A path holds the keys and, for the items of lists and of repeated tables, their numbers from 0.
    """
    return _Scanner(text).scan()


def line_of(path: Path, found: dict[Path, int]) -> int:
    """The line of ``path``, or of the closest thing around it that is written in the file."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.found: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._space()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._space()
        return self.found

    def _line(self) -> int:
        return bisect_left(self.ends, self.at) + 1

    def _space(self) -> None:
        if match := _SPACE.match(self.text, self.at):
            self.at = match.end()

    def _next_is(self, mark: str) -> bool:
        self._space()
        return self.text.startswith(mark, self.at)

    def _take(self, mark: str) -> bool:
        if self._next_is(mark):
            self.at += len(mark)
            return True
        return False

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._space()
            match = _KEY.match(self.text, self.at)
            if match is None:
                raise ValueError(f"line {self._line()}: a key was expected")
            self.at = match.end()
            keys.append(match.group().strip("\"'"))
            if not self._take("."):
                return keys

    def _header(self) -> Path:
        line = self._line()
        repeated = self.text.startswith("[[", self.at)
        self.at += 2 if repeated else 1
        path = self._resolve(self._keys(), repeated=repeated)
        self._take("]]" if repeated else "]")
        self.found.setdefault(path, line)
        return path

    def _resolve(self, keys: list[str], *, repeated: bool) -> Path:
        """The path of a header: the parts that are repeated tables mean their latest item."""
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, key)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        path = (*path, keys[-1])
        if not repeated:
            return path
        self.found.setdefault(path, self._line())
        number = self.counts.get(path, 0)
        self.counts[path] = number + 1
        return (*path, number)

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.found.setdefault(path, line)
        self._take("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        self._space()
        if self._take("["):
            self._list(path)
        elif self._take("{"):
            while not self._take("}"):
                self._pair(path)
                self._take(",")
        else:
            match = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1

    def _list(self, path: Path) -> None:
        number = 0
        while not self._take("]"):
            self._space()
            self.found.setdefault((*path, number), self._line())
            self._value((*path, number))
            self._take(",")
            number += 1
