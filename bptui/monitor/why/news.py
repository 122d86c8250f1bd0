"""Which facts about an appliance could turn a ruling, as keys to compare: figures that only flow are left out."""

from __future__ import annotations

from collections.abc import Hashable

from bptui.model.media import Pool
from bptui.model.reading import FailureList
from bptui.model.verdict import Kind, KindClass
from bptui.model.vocabulary import Priority
from bptui.monitor.why.entry import Entry
from bptui.monitor.why.facts import EndpointFacts
from bptui.monitor.why.pressure import cache_pressure

CLOCK_STEP_SECONDS = 30.0
"""Smaller changes of the difference between the clocks turn nothing."""


def hard_key(facts: EndpointFacts) -> Hashable:
    """What can stop any job that does not move: the data path, partitions, drives, pools."""
    backend, system = facts.backend.known, facts.system.known
    return (
        backend and backend.is_activated,
        system and system.is_backend_activated,
        facts.partitions.known,
        facts.drives.known,
        None if facts.pools.known is None else tuple(map(_pool_key, facts.pools.known)),
    )


def soft_key(facts: EndpointFacts) -> Hashable:
    """What matters only to a job that is past a limit: cache pressure, tasks, failures."""
    cache = facts.cache.known
    return (
        cache_pressure(cache, Priority.NORMAL).level,
        cache_pressure(cache, Priority.URGENT).level,
        facts.tasks.known,
        tuple(facts.failures_of(source) for source in FailureList),
        tuple(sorted(facts.storage_domain_names)),
        round(facts.clock_ahead_seconds / CLOCK_STEP_SECONDS),
    )


def _pool_key(pool: Pool) -> Hashable:
    return (pool.pool_id, pool.state, pool.quiesced, pool.is_powered_on, pool.partition_id)


_TURNED_BY_HARD = frozenset(
    kind for kind in Kind if kind is Kind.WORKING or kind.kind_class not in {KindClass.MOVES, KindClass.ENDED}
)
_TURNED_BY_SOFT = _TURNED_BY_HARD - {Kind.QUIET}


def can_turn(entry: Entry, *, is_hard: bool) -> bool:
    """Whether facts can turn a verdict: never that of a job that moves, and a quiet one only by what stops any job."""
    shown = entry.steady.shown if entry.steady else None
    return shown is None or shown.kind in (_TURNED_BY_HARD if is_hard else _TURNED_BY_SOFT)
