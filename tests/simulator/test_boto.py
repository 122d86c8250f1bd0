"""An S3 client that is not ours, speaking signature version 2, can work with the S3 half."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Client

boto3 = pytest.importorskip("boto3")
config = pytest.importorskip("botocore.config")
exceptions = pytest.importorskip("botocore.exceptions")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def s3(client: Client, secret: str = "") -> Any:
    return boto3.client(
        "s3",
        endpoint_url=client.simulator.endpoint,
        aws_access_key_id=client.simulator.access_key,
        aws_secret_access_key=secret or client.simulator.secret_key,
        region_name="us-east-1",
        config=config.Config(
            signature_version="s3",
            s3={"addressing_style": "path"},
            retries={"max_attempts": 0},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def test_boto_lists_buckets(simulate: Callable[..., Client]) -> None:
    client = simulate()
    names = [bucket["Name"] for bucket in s3(client).list_buckets()["Buckets"]]
    assert names == sorted(client.simulator.appliance.buckets)


def test_boto_moves_objects(simulate: Callable[..., Client]) -> None:
    """Bucket, PUT with metadata, HEAD, ranged and whole GET, listings with prefix and delimiter, deletes."""
    client = simulate(scenario="empty")
    boto = s3(client)
    boto.create_bucket(Bucket="bk")
    body = bytes(range(256)) * 4096
    for key in ("dir/a b+c.bin", "dir/日本.bin", "top.bin"):
        boto.put_object(Bucket="bk", Key=key, Body=body, Metadata={"kind": "test"})
    assert boto.head_object(Bucket="bk", Key="top.bin")["ContentLength"] == len(body)
    assert boto.head_object(Bucket="bk", Key="top.bin")["Metadata"] == {"kind": "test"}
    assert boto.get_object(Bucket="bk", Key="dir/日本.bin")["Body"].read() == body
    assert boto.get_object(Bucket="bk", Key="top.bin", Range="bytes=10-19")["Body"].read() == body[10:20]
    listed = boto.list_objects(Bucket="bk", Prefix="dir/")
    assert [each["Key"] for each in listed["Contents"]] == ["dir/a b+c.bin", "dir/日本.bin"]
    assert [each["Prefix"] for each in boto.list_objects(Bucket="bk", Delimiter="/")["CommonPrefixes"]] == ["dir/"]
    boto.delete_objects(Bucket="bk", Delete={"Objects": [{"Key": "dir/a b+c.bin"}, {"Key": "dir/日本.bin"}]})
    boto.delete_object(Bucket="bk", Key="top.bin")
    boto.delete_bucket(Bucket="bk")
    assert [job.get("Naked") for job in client.jobs().values()] == ["true"]


def test_boto_understands_refusals(simulate: Callable[..., Client]) -> None:
    """The code of an `Error` reaches its caller."""
    client = simulate(scenario="empty")
    for caller, bucket, code in (
        (s3(client), "nowhere", "NoSuchBucket"),
        (s3(client, "wrong"), "nowhere", "InvalidSecurity"),
    ):
        with pytest.raises(exceptions.ClientError) as error:
            caller.list_objects(Bucket=bucket)
        assert error.value.response["Error"]["Code"] == code
