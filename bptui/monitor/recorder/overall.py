"""Verdicts about a whole appliance as plain data and back, with their words: not all that they rest on is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bptui.model.verdict import Actor, At, EndpointVerdict, Part, Phrase, Since, Size, Span
from bptui.monitor.recorder.encoding import Data


def encode_overall(verdicts: Iterable[EndpointVerdict]) -> list[Data]:
    """Turn verdicts into plain data."""
    return [
        {"rule": one.rule, "actor": one.actor.value, "cause": [[*map(_encode, phrase)] for phrase in one.cause]}
        for one in verdicts
    ]


def decode_overall(data: Iterable[Data]) -> tuple[EndpointVerdict, ...]:
    """Make verdicts again; raises TypeError, ValueError or KeyError when the data make no sense."""
    return tuple(
        EndpointVerdict(
            str(one["rule"]), Actor(one["actor"]), tuple(tuple(map(_decode, said)) for said in one["cause"])
        )
        for one in data
    )


def _encode(part: Part) -> Data:
    match part:
        case At():
            return {"at": part.moment.isoformat()}
        case Size():
            return {"size": part.size_bytes}
        case Span():
            return {"span": round(part.seconds, 1)}
        case Since():
            return {"since": round(part.seconds, 1), "is_lower_bound": part.is_lower_bound}
    return part


def _decode(part: Data) -> Part:
    match part:
        case str():
            return part
        case {"at": moment}:
            return At(datetime.fromisoformat(moment))
        case {"size": size}:
            return Size(int(size))
        case {"span": seconds}:
            return Span(float(seconds))
        case {"since": seconds, "is_lower_bound": bound}:
            return Since(float(seconds), bool(bound))
    raise ValueError(f"{part!r} is no part of a sentence")


def shifted(verdicts: Iterable[EndpointVerdict], seconds: float) -> tuple[EndpointVerdict, ...]:
    """The same verdicts, told by a clock that is so much ahead."""
    return tuple(replace(one, cause=tuple(_shifted(said, seconds) for said in one.cause)) for one in verdicts)


def _shifted(said: Phrase, seconds: float) -> Phrase:
    return tuple(
        replace(part, seconds=round(part.seconds + seconds, 1)) if isinstance(part, Since) else part for part in said
    )
