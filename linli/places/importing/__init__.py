"""Places from files: CSV and GeoJSON, tried before they are written, safe to repeat."""

from linli.places.importing.report import Finding, ImportReport, Outcome
from linli.places.importing.running import GAZETTEER, import_csv, import_file, import_geojson
from linli.places.importing.sources import COLUMNS, ImportProblem

__all__ = [
    "COLUMNS",
    "GAZETTEER",
    "Finding",
    "ImportProblem",
    "ImportReport",
    "Outcome",
    "import_csv",
    "import_file",
    "import_geojson",
]
