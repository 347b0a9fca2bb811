"""Who acts: one person in one role, as every action and policy sees them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    id: str
    user: Any = None
    role: str = "ANON"
    appointment: Any = None
    organisation: Any = None
    place_path: str = ""


ANONYMOUS = Actor("anonymous")
SYSTEM = Actor("system")
