"""What the media search found in the way of a job, or at work for it."""

from __future__ import annotations

from dataclasses import dataclass

from bptui.model.verdict import Actor, Grade, Kind, Phrase


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason on the media side: what it is, who can act, and from which sources it was read."""

    rule: str
    kind: Kind
    grade: Grade
    actor: Actor
    cause: tuple[Phrase, ...]
    used: frozenset[str]

    @property
    def is_conclusive(self) -> bool:
        """Whether it stops a job at once, however short the pause: only what is told, and only M1 to M3."""
        return self.kind is Kind.BLOCKED and self.grade is Grade.TOLD and self.rule in _CONCLUSIVE


_CONCLUSIVE = {"M1", "M2", "M3"}
