"""GTFS feeds small enough to check by hand."""

import zipfile
from pathlib import Path

CALENDAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "work,1,1,1,1,1,0,0,20260101,20261231\n"
)


def feed(folder: Path, **files: str) -> Path:
    """A .zip of these files; those that every feed has are there without being named."""
    path = folder / "feed.zip"
    usual = {"calendar": CALENDAR, "trips": "route_id,service_id,trip_id\n1,work,a\n"}
    with zipfile.ZipFile(path, "w") as made:
        for name, text in (usual | files).items():
            if text:
                made.writestr(f"{name}.txt", text)
    return path


def stops(**places: tuple[float, float]) -> str:
    rows = [f"{name},{name.upper()},{lat},{lon}" for name, (lon, lat) in places.items()]
    return "\n".join(["stop_id,stop_name,stop_lat,stop_lon", *rows])


def calls(*rows: str) -> str:
    """Each row: trip, stop, arrives, leaves; numbered in the order given."""
    cells = [f"{','.join(row.split())},{n}" for n, row in enumerate(rows)]
    return "\n".join(["trip_id,stop_id,arrival_time,departure_time,stop_sequence", *cells])
