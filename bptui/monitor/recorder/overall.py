"""Verdicts about a whole appliance as plain data and back, with their words: not all that they rest on is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bptui.model.verdict import Actor, At, EndpointVerdict, Part, Phrase, Since, Size, Span
from bptui.monitor.recorder.encoding import Data
from bptui.monitor.why.endpoint import ENDPOINT_RULES


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


def in_words(told: Iterable[EndpointVerdict], judged: Iterable[EndpointVerdict]) -> tuple[EndpointVerdict, ...]:
    """Verdicts of a redacted recording have no words: give each those of the same one as judged now, or of its rule."""
    now = {one.rule: one.cause for one in judged}
    return tuple(one if one.cause else replace(one, cause=now.get(one.rule) or _rule_words(one.rule)) for one in told)


def _rule_words(rule: str) -> tuple[Phrase, ...]:
    words = {name: said for name, said, _ in ENDPOINT_RULES}.get(rule, "a rule of another bptui")
    return ((words,),)


def shifted(verdicts: Iterable[EndpointVerdict], seconds: float) -> tuple[EndpointVerdict, ...]:
    """The same verdicts, told by a clock that is so much ahead."""
    return tuple(replace(one, cause=tuple(_shifted(said, seconds) for said in one.cause)) for one in verdicts)


def _shifted(said: Phrase, seconds: float) -> Phrase:
    return tuple(
        replace(part, seconds=round(part.seconds + seconds, 1)) if isinstance(part, Since) else part for part in said
    )
