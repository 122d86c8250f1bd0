"""The calls about media: partitions, drives, tapes, pools, policies, and the dated failure lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bptui.simulator.render import library as render
from bptui.simulator.routes.paging import page
from bptui.simulator.service import not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from bptui.simulator.markup import Elements
    from bptui.simulator.requests import Answer, Request
    from bptui.simulator.service import Service

FAILURE_ELEMENTS = {
    "tape_partition": "TapePartitionFailure",
    "storage_domain": "StorageDomainFailure",
    "tape": "TapeFailure",
    "pool": "PoolFailure",
    "system": "SystemFailure",
    "ds3_target": "Ds3TargetFailure",
    "s3_target": "S3TargetFailure",
    "azure_target": "AzureTargetFailure",
}
"""The failure lists and what an entry is called."""

REPLICATION_ELEMENTS = {
    "ds3": "Ds3DataReplicationRule",
    "s3": "S3DataReplicationRule",
    "azure": "AzureDataReplicationRule",
}


def _paged(service: Service, request: Request, name: str, records: list[Elements]) -> Answer:
    ids = {id(record): str(dict(record)["Id"]) for record in records}
    return page(service, request, records, lambda record: ids[id(record)], lambda record: (name, record))


def partitions(service: Service, request: Request) -> Answer:
    """Get Tape Partitions."""
    appliance = service.appliance
    records = [render.partition(each, appliance.release) for each in appliance.library.partitions]
    return _paged(service, request, "TapePartition", records)


def drives(service: Service, request: Request) -> Answer:
    """Get Tape Drives."""
    appliance = service.appliance
    records = [render.drive(each, appliance.release) for each in appliance.library.drives]
    return _paged(service, request, "TapeDrive", records)


def tapes(service: Service, request: Request) -> Answer:
    """Get Tapes."""
    appliance = service.appliance
    records = [render.tape(each, appliance.release) for each in appliance.library.tapes.values()]
    return _paged(service, request, "Tape", records)


def tape(service: Service, _: Request, word: str) -> Answer:
    """Get Tape, by id or bar code."""
    for each in service.appliance.library.tapes.values():
        if word in (each.id, each.bar_code):
            return service.data(render.tape(each, service.appliance.release))
    raise not_found(f"No tape is known under the identifier '{word}'.")


def pools(service: Service, request: Request) -> Answer:
    """Get Pools."""
    appliance = service.appliance
    return _paged(service, request, "Pool", [render.pool(each, appliance.release) for each in appliance.library.pools])


def persistence_rules(service: Service, request: Request) -> Answer:
    """Get Data Persistence Rules, of one policy if asked."""
    wanted = request.query.get("data_policy_id")
    records = [
        render.persistence_rule(policy, domain)
        for policy in service.appliance.library.policies
        if wanted in (None, "", policy.id)
        for domain in policy.domains
    ]
    return _paged(service, request, "DataPersistenceRule", records)


def replication_rules(kind: str, service: Service, request: Request) -> Answer:
    """Get Data Replication Rules to one kind of target, of one policy if asked."""
    wanted = request.query.get("data_policy_id")
    records = [
        render.replication_rule(policy, target)
        for policy in service.appliance.library.policies
        if wanted in (None, "", policy.id)
        for target in policy.targets
        if target.kind == kind
    ]
    return _paged(service, request, REPLICATION_ELEMENTS[kind], records)


def storage_domains(service: Service, request: Request) -> Answer:
    """Get Storage Domains."""
    records = [render.storage_domain(each) for each in service.appliance.library.domains]
    return _paged(service, request, "StorageDomain", records)


def storage_domain(service: Service, _: Request, word: str) -> Answer:
    """Get Storage Domain, by id or name."""
    for each in service.appliance.library.domains:
        if word in (each.id, each.name):
            return service.data(render.storage_domain(each))
    raise not_found(f"No storage domain is known under the identifier '{word}'.")


def members(service: Service, request: Request) -> Answer:
    """Get Storage Domain Members, of one storage domain if asked."""
    wanted = request.query.get("storage_domain_id")
    chosen = [each for each in service.appliance.library.domains if wanted in (None, "", each.id)]
    return _paged(
        service, request, "StorageDomainMember", [record for each in chosen for record in render.members(each)]
    )


def failures(kind: str, service: Service, request: Request) -> Answer:
    """Get one of the failure lists: a log whose order is not promised, here newest first."""
    entries = sorted(
        (each for each in service.appliance.library.failures if each.kind == kind),
        key=lambda each: each.at,
        reverse=True,
    )
    return _paged(service, request, FAILURE_ELEMENTS[kind], [render.failure(each) for each in entries])


WITHOUT_ID: dict[tuple[str, str], Callable[[Service, Request], Answer]] = {
    ("GET", "tape_partition"): partitions,
    ("GET", "tape_drive"): drives,
    ("GET", "tape"): tapes,
    ("GET", "pool"): pools,
    ("GET", "data_persistence_rule"): persistence_rules,
    ("GET", "storage_domain"): storage_domains,
    ("GET", "storage_domain_member"): members,
    **{("GET", f"{kind}_data_replication_rule"): partial(replication_rules, kind) for kind in REPLICATION_ELEMENTS},
    **{("GET", f"{kind}_failure"): partial(failures, kind) for kind in FAILURE_ELEMENTS},
}

WITH_ID: dict[tuple[str, str], Callable[[Service, Request, str], Answer]] = {
    ("GET", "tape"): tape,
    ("GET", "storage_domain"): storage_domain,
}
