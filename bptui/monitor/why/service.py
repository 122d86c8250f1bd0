"""What is out of service by the appliance's own word; a state that nobody knows says nothing."""

from __future__ import annotations

from bptui.model.media import Pool, PoolState, Quiesced, TapePartition, TapePartitionState

OUT_OF_SERVICE = {Quiesced.YES, Quiesced.PENDING}


def is_partition_out(partition: TapePartition) -> bool:
    """Whether the appliance says that a partition does not work; a state nobody knows says nothing."""
    is_broken = partition.state in {TapePartitionState.OFFLINE, TapePartitionState.ERROR}
    return is_broken or partition.quiesced in OUT_OF_SERVICE


def is_pool_out(pool: Pool) -> bool:
    """Whether the appliance says that a pool does not work."""
    is_strange = pool.state is not None and pool.state.is_known and pool.state != PoolState.NORMAL
    return is_strange or pool.quiesced in OUT_OF_SERVICE or pool.is_powered_on is False
