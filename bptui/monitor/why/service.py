"""What is out of service by the appliance's own word; a state that nobody knows says nothing."""

from __future__ import annotations

from datetime import timedelta

from bptui.model.media import Pool, PoolState, Quiesced, TapePartition, TapePartitionState
from bptui.model.system import ApplianceNode
from bptui.monitor.why.facts import EndpointFacts

OUT_OF_SERVICE = {Quiesced.YES, Quiesced.PENDING}
SILENT_SECONDS = 5 * 60.0
"""How long a node may send no heartbeat."""


def is_partition_out(partition: TapePartition) -> bool:
    """Whether the appliance says that a partition does not work; a state nobody knows says nothing."""
    is_broken = partition.state in {TapePartitionState.OFFLINE, TapePartitionState.ERROR}
    return is_broken or partition.quiesced in OUT_OF_SERVICE


def is_pool_out(pool: Pool) -> bool:
    """Whether the appliance says that a pool does not work."""
    is_strange = pool.state is not None and pool.state.is_known and pool.state != PoolState.NORMAL
    return is_strange or pool.quiesced in OUT_OF_SERVICE or pool.is_powered_on is False


def silent_nodes(facts: EndpointFacts) -> tuple[ApplianceNode, ...]:
    """The nodes whose last heartbeat was old when we read of it, by the appliance's own clock.

    How long ago we read it plays no part: that we did not look does not make a node silent.
    """
    if facts.nodes.state.at is None:
        return ()
    latest = facts.nodes.state.at + timedelta(seconds=facts.clock_ahead_seconds - SILENT_SECONDS)
    return tuple(node for node in facts.nodes.known or () if node.last_heartbeat and node.last_heartbeat < latest)
