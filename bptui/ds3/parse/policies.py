"""Read where a bucket's data have to go, and where a chunk's data come from (DS3 API reference, 3.0 to 6.0)."""

from __future__ import annotations

from bptui.ds3.parse.document import DocumentParser, Element, ItemsParser
from bptui.model.evidence import (
    ChunkRecord,
    ChunkStoreState,
    PersistenceRule,
    PersistenceRuleType,
    ReplicationRule,
    StorageDomain,
    StorageDomainMember,
)
from bptui.model.job import JobId
from bptui.model.reading import FailureList

_REPLICATION = {
    FailureList.DS3_TARGET: "Ds3DataReplicationRule",
    FailureList.S3_TARGET: "S3DataReplicationRule",
    FailureList.AZURE_TARGET: "AzureDataReplicationRule",
}


def persistence_rules_parser() -> DocumentParser[tuple[PersistenceRule, ...]]:
    """A parser for a page of `data_persistence_rule`."""
    return ItemsParser("Data", "DataPersistenceRule", _persistence)


def replication_rules_parser(target: FailureList) -> DocumentParser[tuple[ReplicationRule, ...]]:
    """A parser for a page of the replication rules to one kind of target."""
    name = _REPLICATION[target]
    return ItemsParser("Data", name, lambda item: _replication(item, target))


def storage_domains_parser() -> DocumentParser[tuple[StorageDomain, ...]]:
    """A parser for a page of `storage_domain`."""
    return ItemsParser("Data", "StorageDomain", _domain)


def storage_domain_members_parser() -> DocumentParser[tuple[StorageDomainMember, ...]]:
    """A parser for a page of `storage_domain_member`."""
    return ItemsParser("Data", "StorageDomainMember", _member)


def chunk_record_parser() -> DocumentParser[ChunkRecord]:
    """A parser for one `job_chunk_dao`, up to 5.8 a chunk and from 6.0 on an entry."""
    return DocumentParser("Data", _chunk_record)


def job_entries_parser() -> DocumentParser[tuple[ChunkRecord, ...]]:
    """A parser for a page of a job's entries (6.0)."""
    return ItemsParser("Data", "JobEntry", _chunk_record)


def _persistence(element: Element) -> PersistenceRule:
    fields = element.fields
    return PersistenceRule(
        rule_id=fields.required("Id"),
        data_policy_id=fields.identity("DataPolicyId"),
        storage_domain_id=fields.identity("StorageDomainId"),
        rule_type=fields.word("Type", PersistenceRuleType),
        state=fields.text("State"),
    )


def _replication(element: Element, target: FailureList) -> ReplicationRule:
    fields = element.fields
    return ReplicationRule(
        rule_id=fields.required("Id"),
        source=target,
        data_policy_id=fields.identity("DataPolicyId"),
        target_id=fields.identity("TargetId"),
        rule_type=fields.word("Type", PersistenceRuleType),
        state=fields.text("State"),
    )


def _domain(element: Element) -> StorageDomain:
    fields = element.fields
    return StorageDomain(storage_domain_id=fields.required("Id"), name=fields.text("Name"))


def _member(element: Element) -> StorageDomainMember:
    fields = element.fields
    return StorageDomainMember(
        member_id=fields.required("Id"),
        storage_domain_id=fields.identity("StorageDomainId"),
        tape_partition_id=fields.identity("TapePartitionId"),
        pool_partition_id=fields.identity("PoolPartitionId"),
        tape_type=fields.text("TapeType"),
        state=fields.text("State"),
        write_preference=fields.text("WritePreference"),
    )


def _chunk_record(element: Element) -> ChunkRecord:
    """An entry of 6.0 has a `BlobId`, and its chunk's id, if any, beside its own."""
    fields = element.fields
    is_entry = "BlobId" in fields.texts
    job_id = fields.identity("JobId")
    return ChunkRecord(
        chunk_id=fields.identity("ChunkId" if is_entry else "Id"),
        job_id=None if job_id is None else JobId(job_id.lower()),
        number=fields.number("ChunkNumber"),
        node_id=fields.identity("NodeId"),
        store_state=fields.word("BlobStoreState", ChunkStoreState),
        is_target_commit_pending=fields.boolean("PendingTargetCommit"),
        read_from_tape_id=fields.identity("ReadFromTapeId"),
        read_from_pool_id=fields.identity("ReadFromPoolId"),
        read_from_ds3_target_id=fields.identity("ReadFromDs3TargetId"),
        read_from_s3_target_id=fields.identity("ReadFromS3TargetId"),
        read_from_azure_target_id=fields.identity("ReadFromAzureTargetId"),
        blob_id=fields.identity("BlobId"),
    )
