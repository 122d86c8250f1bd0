"""The rules as a table: the first row whose condition holds gives the verdict.

Order: ended, watching, moving, told stops, then by type of job the normal pause and what is waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bptui.model.job import Ending
from bptui.model.verdict import Actor, Grade, Kind
from bptui.model.vocabulary import OrderGuarantee, RequestType
from bptui.monitor.why.derive import Case
from bptui.monitor.why.limits import Side
from bptui.monitor.why.media import conclusive, search, search_from_media, search_while_unread
from bptui.monitor.why.obstacle import Obstacle
from bptui.monitor.why.pressure import Level


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: to which jobs it applies, when it holds, and what it says."""

    rule: str
    types: tuple[RequestType, ...]
    """Empty: jobs of every type."""
    observations: str
    holds: Callable[[Case], bool]
    kind: Kind | None = None
    """None: as the obstacle says that `find` returns; without one the row does not match."""
    grade: Grade | None = None
    actor: Actor | None = None
    side: Callable[[Case], Side] | None = None
    """Which pause the verdict is about; None where it is about movement or an end."""
    limit: Callable[[Case], float] | None = None
    """Up to how long that pause is normal; None where no limit plays a part."""
    find: Callable[[Case], Obstacle | None] | None = None
    used: frozenset[str] = frozenset()


ANY: tuple[RequestType, ...] = ()
PUT = (RequestType.PUT,)
GET = (RequestType.GET,)
VERIFY = (RequestType.VERIFY,)
_KNOWN_TYPES = {RequestType.PUT, RequestType.GET, RequestType.VERIFY}

TOLD, FOLLOWS, LIKELY = Grade.TOLD, Grade.FOLLOWS, Grade.LIKELY
NOBODY, UNKNOWN = Actor.NOBODY, Actor.UNKNOWN


def always(side: Side) -> Callable[[Case], Side]:
    """The same side whatever the case."""
    return lambda _case: side


def own_limit(side: Side) -> Callable[[Case], float]:
    """The limit of a side."""
    return lambda case: case.limit(side)


def next_due(case: Case) -> Side:
    """PUT: the side whose pause reaches its limit first."""
    sides = [side for side, backlog in _put_backlogs(case) if backlog > 0]
    return min(sides, key=lambda side: case.pause_start(side)[0] + case.limit(side), default=Side.WHOLE)


def _put_backlogs(case: Case) -> tuple[tuple[Side, int], ...]:
    return (Side.INTAKE, case.intake_backlog), (Side.DRAIN, case.drain_backlog)


def get_side(case: Case) -> Side:
    """GET: the client's side while it could read something, the appliance's otherwise."""
    return Side.SEND if case.is_takeable else Side.STAGE


def _is_ended(case: Case, ending: Ending) -> bool:
    return case.facts.ended is not None and case.facts.ended.ending is ending


def _is_arrived(case: Case) -> bool:
    return case.intake_backlog == 0


def _is_all_counted(case: Case) -> bool:
    return case.history.completed >= case.history.original


def _is_order_known(case: Case) -> bool:
    if case.is_origin_hidden:
        return False
    is_free = case.job.order_guarantee == OrderGuarantee.NONE or case.job.entirely_in_cache is True
    return is_free or (case.detail is not None and case.detail.is_lowest_in_cache is True)


def _is_client_certain(case: Case) -> bool:
    if case.is_origin_hidden:
        return False
    return case.is_aggregating or (case.has_assigned_waiting and case.pressure.level == Level.LOW)


def _is_reason_open(case: Case) -> bool:
    is_space_unknown = case.pressure.level == Level.UNKNOWN and not case.has_assigned_waiting
    return case.is_internal or (not case.is_aggregating and is_space_unknown)


def _is_within(case: Case, side: Side) -> bool:
    return not case.is_over(side)


def _still(span: str) -> Callable[[Case], bool]:
    return lambda case: case.is_still_for(getattr(case.limits, span))


def _limit(span: str) -> Callable[[Case], float]:
    return lambda case: float(getattr(case.limits, span))


_whole = partial(Rule, side=always(Side.WHOLE))
_drain = partial(Rule, side=always(Side.DRAIN), limit=own_limit(Side.DRAIN))
_intake = partial(Rule, side=always(Side.INTAKE), limit=own_limit(Side.INTAKE))
_send = partial(Rule, side=always(Side.SEND), limit=own_limit(Side.SEND))
_stage = partial(Rule, side=always(Side.STAGE), limit=own_limit(Side.STAGE))
_check = partial(Rule, side=always(Side.CHECK), limit=own_limit(Side.CHECK))
_nothing = partial(_whole, limit=_limit("nothing_to_count_seconds"))
_open = partial(_whole, limit=_limit("open_seconds"))
_finish = partial(_whole, limit=_limit("finish_seconds"))
_CACHE = frozenset({"cache_state"})
_BACKEND = frozenset({"data_path_backend", "system_information"})
_DETAIL = frozenset({"job detail"})
_DETAIL_AND_RECORD = _DETAIL | {"active_job"}

# fmt: off
COMMON = (
    Rule("X1", ANY, "no longer in the list, nor known by its id", lambda c: _is_ended(c, Ending.GONE), Kind.GONE, TOLD, NOBODY),
    Rule("X1", ANY, "no longer in the list; how it ended cannot be read", lambda c: _is_ended(c, Ending.UNKNOWN), Kind.GONE, FOLLOWS, UNKNOWN),
    Rule("X2", ANY, "status CANCELED, or in the list of canceled jobs", lambda c: c.is_canceled or _is_ended(c, Ending.CANCELED), Kind.CANCELED, TOLD, NOBODY),
    Rule("X3", ANY, "status COMPLETED", lambda c: c.is_completed or _is_ended(c, Ending.COMPLETED), Kind.DONE, TOLD, NOBODY),
    Rule("X5", ANY, "fewer than two samples, and not X4", lambda c: not c.has_two_samples and not c.is_backend_off, Kind.WATCHING),
    Rule("P1", PUT, "bytes arrive and bytes reach all copies", lambda c: c.is_first_moving and c.is_second_moving, Kind.RECEIVING_AND_WRITING, TOLD, NOBODY),
    Rule("P2", PUT, "bytes arrive", lambda c: c.is_first_moving, Kind.RECEIVING, TOLD, NOBODY),
    Rule("P3", PUT, "bytes reach all copies", lambda c: c.is_second_moving, Kind.WRITING, TOLD, NOBODY),
    Rule("G1", GET, "bytes come from media and the client reads", lambda c: c.is_first_moving and c.is_second_moving, Kind.STAGING_AND_SENDING, TOLD, NOBODY),
    Rule("G2", GET, "bytes come from media", lambda c: c.is_first_moving, Kind.STAGING, TOLD, NOBODY),
    Rule("G3", GET, "the client reads", lambda c: c.is_second_moving, Kind.SENDING, TOLD, NOBODY),
    Rule("V1", VERIFY, "a counter advances", lambda c: c.is_any_moving, Kind.VERIFYING, TOLD, NOBODY),
    Rule("X8", ANY, "a job of a type that is not known; a counter advances", lambda c: c.job.request_type not in _KNOWN_TYPES and c.is_any_moving, Kind.WORKING, TOLD, NOBODY),
    _whole("X4", ANY, "data path not activated, nothing moves", lambda c: c.is_backend_off, Kind.BLOCKED, TOLD, Actor.ADMIN, used=_BACKEND),
    _whole("X6", ANY, "an error message, nothing moves", lambda c: bool(c.error_message), Kind.ERROR, TOLD, UNKNOWN, used=frozenset({"active_job"})),
    _nothing("X7", ANY, "no bytes to count, not aggregating; 10 min or longer", lambda c: c.history.original == 0 and not c.is_aggregating and _still("nothing_to_count_seconds")(c), Kind.UNCLEAR, None, UNKNOWN),
    _nothing("X7", ANY, "no bytes to count, not aggregating; less than 10 min", lambda c: c.history.original == 0 and not c.is_aggregating, Kind.QUIET, None, NOBODY),
    _nothing("X9", ANY, "a job of a type that is not known, nothing moves", lambda c: c.job.request_type not in _KNOWN_TYPES, Kind.UNCLEAR, None, UNKNOWN),
)

PUT_RULES = (
    _drain("PH", PUT, "data wait in cache; a conclusive obstacle, M2 or M3", lambda c: c.drain_backlog > 0, find=conclusive),
    _drain("PM", PUT, "none reached all copies for L_media or longer; the media search finds M2 to M8", lambda c: c.is_drain_over, find=search, used=_DETAIL),
    _open("A1", PUT, "everything arrived and written, aggregating; nothing for L_open or longer", lambda c: c.is_aggregating and _is_all_counted(c) and _still("open_seconds")(c), Kind.OPEN, FOLLOWS, Actor.YOU),
    _open("A1", PUT, "everything arrived and written, aggregating", lambda c: c.is_aggregating and _is_all_counted(c), Kind.QUIET, None, NOBODY),
    _finish("P9", PUT, "everything arrived and written, not aggregating; 30 min or longer", lambda c: _is_all_counted(c) and _still("finish_seconds")(c), Kind.UNCLEAR, None, UNKNOWN),
    _finish("P9", PUT, "everything arrived and written, not aggregating", _is_all_counted, Kind.QUIET, None, NOBODY),
    _open("A2", PUT, "everything arrived, data wait in cache, aggregating; nothing for L_open or longer", lambda c: c.is_aggregating and _is_arrived(c) and _still("open_seconds")(c), Kind.OPEN, FOLLOWS, Actor.YOU),
    _open("A2", PUT, "everything arrived, data wait in cache, aggregating", lambda c: c.is_aggregating and _is_arrived(c), Kind.QUIET, None, NOBODY),
    Rule("P4", PUT, "both sides within their limits, or finished", lambda c: not c.is_intake_over and not c.is_drain_over, Kind.QUIET, None, NOBODY, side=next_due, limit=lambda c: c.limit(next_due(c))),
    _intake("P5", PUT, "none arrived for L_client or longer, cache pressure high, not aggregating", lambda c: c.is_intake_over and not c.is_aggregating and c.pressure.level == Level.HIGH, Kind.CACHE, FOLLOWS, UNKNOWN, used=_CACHE),
    _intake("P5", PUT, "the same, reserved share not told (before 5.3)", lambda c: c.is_intake_over and not c.is_aggregating and c.pressure.is_high, Kind.CACHE, LIKELY, UNKNOWN, used=_CACHE),
    _drain("P6", PUT, "none reached all copies for L_media or longer, nothing found", lambda c: c.is_drain_over, Kind.MEDIA, FOLLOWS, UNKNOWN),
    _intake("P8", PUT, "none arrived for L_client or longer; internal, or pressure unknown and no chunk seen that waits for data, not aggregating", _is_reason_open, Kind.UNCLEAR, None, UNKNOWN),
    _intake("P7", PUT, "none arrived for L_client or longer; aggregating, or a chunk waits for data and pressure low", _is_client_certain, Kind.CLIENT, FOLLOWS, Actor.CLIENT),
    _intake("P7", PUT, "none arrived for L_client or longer; a chunk waits for data, or pressure low", lambda _c: True, Kind.CLIENT, LIKELY, Actor.CLIENT),
)

GET_RULES = (
    _stage("GH", GET, "nothing to take, told that data are on media; a conclusive obstacle, M1 to M3", lambda c: not c.is_takeable and c.is_media_needed, find=conclusive, used=_DETAIL),
    _finish("G9", GET, "everything read, not completed; 30 min or longer", lambda c: _is_all_counted(c) and _still("finish_seconds")(c), Kind.UNCLEAR, None, UNKNOWN),
    _finish("G9", GET, "everything read, not completed", _is_all_counted, Kind.QUIET, None, NOBODY),
    Rule("G4", GET, "something to take and read within L_client, or nothing to take and staged within L_media", lambda c: _is_within(c, get_side(c)), Kind.QUIET, None, NOBODY, side=get_side, limit=lambda c: c.limit(get_side(c))),
    _stage("GM", GET, "internal job with unread data, told that more is on media; a conclusive obstacle, M1 to M3, or past L_media what the media search finds", lambda c: c.is_internal and c.unread > 0 and c.is_media_needed, find=search_while_unread, used=_DETAIL_AND_RECORD),
    _stage("G8", GET, "blind: counters of nothing, EntirelyInCache not told, no detail", lambda c: c.is_blind, Kind.UNCLEAR, None, UNKNOWN),
    _send("G5", GET, "something to take, none read for L_client or longer; in any order, or the next chunk is seen in cache", lambda c: c.is_takeable and not c.is_internal and _is_order_known(c), Kind.CLIENT, FOLLOWS, Actor.CLIENT),
    _send("G5", GET, "something to take, none read for L_client or longer", lambda c: c.is_takeable and not c.is_internal, Kind.CLIENT, LIKELY, Actor.CLIENT),
    _stage("GM", GET, "nothing to take, none staged for L_media or longer; the media search finds M1 to M8", lambda c: not c.is_takeable, find=search_from_media, used=_DETAIL),
    Rule("G8", GET, "internal job with unread data, or not told whether the rest is in cache", lambda c: c.is_internal and (c.unread > 0 or not c.is_media_needed), Kind.UNCLEAR, None, UNKNOWN, side=get_side, limit=lambda c: c.limit(get_side(c))),
    _stage("G6", GET, "the same, nothing found, cache pressure high", lambda c: c.pressure.level == Level.HIGH, Kind.CACHE, FOLLOWS, UNKNOWN, used=_CACHE),
    _stage("G6", GET, "the same, reserved share not told (before 5.3)", lambda c: c.pressure.is_high, Kind.CACHE, LIKELY, UNKNOWN, used=_CACHE),
    _stage("G7", GET, "the same, nothing else", lambda _c: True, Kind.MEDIA, FOLLOWS, UNKNOWN),
)

VERIFY_RULES = (
    _check("VH", VERIFY, "data on media; a conclusive obstacle, M1 to M3", lambda c: c.history.cached < c.history.original, find=conclusive),
    _check("V2", VERIFY, "counted within L_verify", lambda c: _is_within(c, Side.CHECK), Kind.QUIET, None, NOBODY),
    _check("V4", VERIFY, "everything compared, not completed", _is_all_counted, Kind.UNCLEAR, None, UNKNOWN),
    _check("VM", VERIFY, "the media search finds M1 to M8", lambda _c: True, find=search, used=_DETAIL),
    _check("V3", VERIFY, "nothing found, cache pressure high", lambda c: c.pressure.level == Level.HIGH, Kind.CACHE, FOLLOWS, UNKNOWN, used=_CACHE),
    _check("V3", VERIFY, "nothing found, cache pressure high, reserved share not told", lambda c: c.pressure.is_high, Kind.CACHE, LIKELY, UNKNOWN, used=_CACHE),
    _check("V3", VERIFY, "nothing found", lambda _c: True, Kind.MEDIA, FOLLOWS, UNKNOWN),
)
# fmt: on

RULES: tuple[Rule, ...] = (*COMMON, *PUT_RULES, *GET_RULES, *VERIFY_RULES)
"""The whole table in its order."""
