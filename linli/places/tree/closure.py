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


def attach(first: int, last: int) -> None:
    """Write the pairs of new places with ids `first` to `last`, whose parents have theirs."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTACH, [first, last, first, last])
