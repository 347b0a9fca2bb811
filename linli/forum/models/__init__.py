"""The rows of the forum."""

from linli.forum.models.board import Board, BoardWatch
from linli.forum.models.floor import Floor, FloorPhoto, FloorState, Version
from linli.forum.models.moderation import Decision, Reason, Report, Verb
from linli.forum.models.search import FloorLine
from linli.forum.models.topic import Tie, Topic, TopicState, Watch

__all__ = [
    "Board", "BoardWatch", "Decision", "Floor", "FloorLine", "FloorPhoto", "FloorState", "Reason",
    "Report", "Tie", "Topic", "TopicState", "Verb", "Version", "Watch",
]  # fmt: skip
