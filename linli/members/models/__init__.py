"""Members of bodies, the steps they took, their dated papers; and the register of the bodies."""

from linli.members.models.member import Batch, Member, Move, Paper
from linli.members.models.proceeding import Proceeding
from linli.members.models.register import FormChange, HeadCount, Successor

__all__ = ["Batch", "FormChange", "HeadCount", "Member", "Move", "Paper", "Proceeding", "Successor"]
