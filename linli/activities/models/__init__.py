"""Series and occurrences, seats and sign-ups, records, homes that agreed, pages of paper."""

from linli.activities.models.enrolment import Enrolment, FeedToken, Standing
from linli.activities.models.home import Home
from linli.activities.models.occurrence import Occurrence, Series, SeriesPlace
from linli.activities.models.paper import Line, Sheet
from linli.activities.models.people import Seat, SignUp
from linli.activities.models.record import Opened, Record, Stop

__all__ = [
    "Enrolment",
    "FeedToken",
    "Home",
    "Line",
    "Occurrence",
    "Opened",
    "Record",
    "Seat",
    "Series",
    "SeriesPlace",
    "Sheet",
    "SignUp",
    "Standing",
    "Stop",
]
