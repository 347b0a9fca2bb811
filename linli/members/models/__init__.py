"""Members of bodies, the steps they took, their dated papers, and steps against them."""

from linli.members.models.member import Member, Move, Paper
from linli.members.models.proceeding import Proceeding

__all__ = ["Member", "Move", "Paper", "Proceeding"]
