"""Read what the appliance tells about itself: version, health, nodes, the buckets of a key (DS3 API, 3.0 to 6.0)."""

from __future__ import annotations

from datetime import UTC, datetime

from bptui.ds3.parse.document import DocumentParser, Element, ItemsParser
from bptui.ds3.parse.values import Fields
from bptui.model.system import ApplianceNode, Service, SystemHealth, SystemInformation


def system_information_parser() -> DocumentParser[SystemInformation]:
    """A parser for `system_information`."""
    return DocumentParser("Data", _system_information)


def system_health_parser() -> DocumentParser[SystemHealth]:
    """A parser for `system_health`."""
    return DocumentParser("Data", _system_health)


def nodes_parser() -> DocumentParser[tuple[ApplianceNode, ...]]:
    """A parser for a page of `node`."""
    return ItemsParser("Data", "Node", lambda item: _node(item.fields))


def service_parser() -> DocumentParser[Service]:
    """A parser for the list of one's own buckets."""
    return DocumentParser("ListAllMyBucketsResult", _service)


def _system_information(data: Element) -> SystemInformation:
    fields = data.fields
    return SystemInformation(
        version=data.first("BuildInformation").fields.text("Version"),
        api_version=fields.text("ApiVersion"),
        is_backend_activated=fields.boolean("BackendActivated"),
        instance_id=fields.identity("InstanceId"),
        serial_number=fields.text("SerialNumber"),
        now=_clock(fields),
    )


def _clock(fields: Fields) -> datetime | None:
    """`Now` is epoch milliseconds; a number that is no moment of this calendar is no clock."""
    milliseconds = fields.number("Now")
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _system_health(data: Element) -> SystemHealth:
    fields = data.fields
    return SystemHealth(
        database_free_space=fields.text("DatabaseFilesystemFreeSpace"),
        required_ms=fields.number("MsRequiredToVerifyDataPlannerHealth"),
    )


def _node(fields: Fields) -> ApplianceNode:
    return ApplianceNode(
        node_id=fields.required("Id"),
        name=fields.text("Name"),
        dns_name=fields.text("DnsName"),
        data_path_ip_address=fields.text("DataPathIpAddress"),
        data_path_http_port=fields.number("DataPathHttpPort"),
        data_path_https_port=fields.number("DataPathHttpsPort"),
        last_heartbeat=fields.date("LastHeartbeat"),
        serial_number=fields.text("SerialNumber"),
    )


def _service(result: Element) -> Service:
    owner = result.first("Owner").fields
    return Service(
        owner_name=owner.text("DisplayName"),
        owner_id=owner.identity("ID"),
        bucket_names=tuple(bucket.first("Name").text for bucket in result.first("Buckets").all("Bucket")),
    )
