"""The one SQL statement of each floor: the same rows that the page shows, found by the same indexes."""

from dataclasses import dataclass
from typing import Final

_ROW: Final = (
    "SELECT c.number, c.category, p.name, o.name, c.state, c.received_at, c.due_at, c.public_text "
    "FROM cases_case c JOIN places_place p ON p.id = c.place_id "
    "JOIN people_organisation o ON o.id = c.owner_id "
)
_FOUND: Final = (
    "SELECT c.number, c.category, p.name, o.name, c.state, c.received_at, c.due_at, s.said "
    "FROM cases_searchline s JOIN cases_case c ON c.id = s.case_id "
    "JOIN places_place p ON p.id = c.place_id JOIN people_organisation o ON o.id = c.owner_id "
)
_NEWEST: Final = " ORDER BY c.listed_at DESC, c.id DESC LIMIT 20"
_VECTOR: Final = "array_to_tsvector(string_to_array(btrim(s.words), ' '))"


@dataclass(frozen=True)
class Statement:
    """SQL with `?` for values; where PostgreSQL says it otherwise, `other`."""

    template: str
    sqlite: str
    other: str = ""

    def sql(self, postgresql: bool) -> str:
        return self.other if postgresql and self.other else self.sqlite


STATEMENTS: Final = {
    "case": Statement(
        "case.html",
        "SELECT c.number, c.category, c.public_text, c.state, c.received_at, c.answer_due_at, "
        'e.verb, e."when", w.text FROM cases_case c '
        "JOIN journal_entry e ON e.subject = ? "
        "LEFT JOIN cases_words w ON w.entry = e.seq AND w.public "
        "WHERE c.number = ? ORDER BY e.seq",
    ),
    "list": Statement("list.html", f"{_ROW}WHERE c.listed_at IS NOT NULL{_NEWEST}"),
    "deep": Statement(
        "list.html",
        f"{_ROW}WHERE c.listed_at IS NOT NULL AND (c.listed_at, c.id) <= "
        f"(SELECT received_at, id FROM cases_case WHERE number = ?){_NEWEST}",
    ),
    "near": Statement(
        "list.html",
        f"{_FOUND}WHERE s.slot IN (SELECT rowid FROM cases_search WHERE cases_search MATCH ? "
        "ORDER BY rowid DESC LIMIT 60) ORDER BY s.slot DESC",
        f"{_FOUND}WHERE {_VECTOR} @@ ?::tsquery ORDER BY s.slot DESC LIMIT 60",
    ),
    "search": Statement(
        "list.html",
        f"{_FOUND}WHERE s.slot IN (SELECT rowid FROM cases_search WHERE cases_search MATCH ? "
        "ORDER BY rowid DESC LIMIT 20) ORDER BY s.slot DESC",
        f"{_FOUND}WHERE {_VECTOR} @@ ?::tsquery ORDER BY s.slot DESC LIMIT 20",
    ),
    "desk": Statement(
        "list.html",
        f"{_ROW}WHERE c.owner_id = ? AND c.band = 'owed' ORDER BY c.due_at, c.id LIMIT 40",
    ),
    "overview": Statement(
        "overview.html",
        "SELECT code, name, name_en, lon, lat FROM places_place "
        "WHERE valid_to IS NULL AND kind = 'town' ORDER BY code",
    ),
}  # fmt: skip
