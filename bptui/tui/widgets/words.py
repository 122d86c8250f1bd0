"""The words and colours of a job's and an object's states: a word or a glyph always, colour on top."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from bptui.model.job import EndedJob, Ending, Job, JobRecord
from bptui.model.vocabulary import DONE_WORDS, Priority, RequestType
from bptui.text import visible
from bptui.tui.theme import Look
from bptui.tui.widgets.strips import Piece
from bptui.units import short_duration

_TYPES = {RequestType.VERIFY: "VRFY"}
_PRIORITIES = {
    Priority.CRITICAL: "CRIT",
    Priority.URGENT: "URGT",
    Priority.NORMAL: "NORM",
    Priority.BACKGROUND: "BKGD",
}
_CACHED = {RequestType.PUT: "received", RequestType.GET: "staged", RequestType.VERIFY: "staged"}
_PRESSING = {Priority.CRITICAL, Priority.URGENT, Priority.HIGH}


def type_word(job: Job) -> str:
    """What the job does, in four cells."""
    return _TYPES.get(job.request_type, visible(str(job.request_type.value)))


def priority_piece(look: Look, job: Job) -> Piece:
    """How urgent the job is, in four cells; what is above normal stands out."""
    word = _PRIORITIES.get(job.priority, visible(str(job.priority.value)))
    return word, look.warn if job.priority in _PRESSING else look.dim


def glyph_piece(look: Look, record: JobRecord | None, ended: EndedJob | None) -> Piece:
    """The sign before a job: how it ended, or that the appliance has an error message for it."""
    glyphs = look.glyphs
    if ended is not None:
        sign = {Ending.COMPLETED: glyphs.completed, Ending.CANCELED: glyphs.canceled, Ending.GONE: glyphs.gone}
        return sign.get(ended.ending, "?"), look.warn if ended.ending is Ending.CANCELED else look.dim
    if record is not None and record.error_message:
        return glyphs.problem, look.bad
    return " ", look.text


def steady_duration(seconds: float) -> str:
    """A duration that changes once a minute at most, so that what stands is not painted with every poll."""
    return "<1m" if seconds < 60 else short_duration(seconds)


def ended_at(ended: EndedJob) -> datetime:
    """When a job ended: as the appliance says, else when it was seen."""
    record = ended.record
    told = record and (record.date_completed or record.date_canceled)
    return told or ended.seen_at


def cached_word(job: Job) -> str:
    """What was done to bytes that came into the cache for this job."""
    return _CACHED.get(job.request_type, "cached")


def done_word(job: Job) -> str:
    """What was done to bytes that this job has completed."""
    return DONE_WORDS.get(job.request_type, "completed")


def in_cache_piece(look: Look, job: Job, *, in_cache: bool | None) -> Piece:
    """Whether an object is in cache, in the words of what the job does."""
    sign, style = in_cache_glyph(look, job, in_cache=in_cache)
    yes, no = in_cache_words(job)
    return f"{sign} {'not told' if in_cache is None else yes if in_cache else no}", style


def in_cache_words(job: Job) -> tuple[str, str]:
    """What being in cache means for this job, and what not being there means."""
    if job.request_type != RequestType.PUT:
        return "staged", "on media"
    return "arrived", "left the cache" if _has_all_arrived(job) else "not arrived"


def in_cache_glyph(look: Look, job: Job, *, in_cache: bool | None) -> Piece:
    """The sign for whether an object is in cache; what is not told is not a no, and what is safe is no warning."""
    if in_cache is None:
        return look.glyphs.untold, look.dim
    if in_cache:
        return look.glyphs.yes, look.good
    is_safe = _has_all_arrived(job) if job.request_type == RequestType.PUT else not job.is_running
    return look.glyphs.no, look.dim if is_safe else look.warn


def _has_all_arrived(job: Job) -> bool:
    """Whether the appliance has had every byte of a PUT: then an object that is not in cache is on media already."""
    return not job.is_running or 0 < job.original_size_bytes <= max(job.cached_size_bytes, job.completed_size_bytes)


def latest_piece(look: Look, *, is_latest: bool | None) -> Piece:
    """Whether an object is the newest version of its name."""
    if is_latest is None:
        return f"{look.glyphs.untold} not told", look.dim
    if is_latest:
        return f"{look.glyphs.latest} latest", look.good
    return f"{look.glyphs.superseded} superseded", look.superseded


def as_json(value: Any) -> str:
    """A frozen value as JSON in one line, for the copy menu; dates in ISO 8601, enumerations by their word."""
    return json.dumps(asdict(value), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
