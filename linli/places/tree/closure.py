"""The materialised pairs (ancestor, descendant), kept by statements over whole sets of rows."""

from django.db import connection

_ATTACH = """
INSERT INTO places_closure (ancestor_id, descendant_id, depth)
SELECT above.ancestor_id, place.id, above.depth + 1
  FROM places_place place
  JOIN places_closure above ON above.descendant_id = place.parent_id
 WHERE place.id BETWEEN %s AND %s AND place.valid_to IS NULL
UNION ALL
SELECT place.id, place.id, 0
  FROM places_place place
 WHERE place.id BETWEEN %s AND %s AND place.valid_to IS NULL
"""

_CUT = """
DELETE FROM places_closure
 WHERE descendant_id IN (SELECT descendant_id FROM places_closure WHERE ancestor_id = %s)
   AND ancestor_id NOT IN (SELECT descendant_id FROM places_closure WHERE ancestor_id = %s)
"""

_GRAFT = """
INSERT INTO places_closure (ancestor_id, descendant_id, depth)
SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
  FROM places_closure above CROSS JOIN places_closure below
 WHERE above.descendant_id = %s AND below.ancestor_id = %s
"""


def attach(first: int, last: int) -> None:
    """Write the pairs of new places with ids `first` to `last`, whose parents have theirs."""
    _run(_ATTACH, first, last, first, last)


def move(place: int, parent: int) -> None:
    """Hang the whole subtree of a place under another parent: two statements, any size."""
    _run(_CUT, place, place)
    _run(_GRAFT, parent, place)


def remove(place: int) -> None:
    """Forget a place that has nothing under it any more."""
    _run("DELETE FROM places_closure WHERE descendant_id = %s", place)


def _run(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
