"""The S3 half: buckets and objects, with and without a job (DS3 API reference, "Names, connection test, environment")."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bptui.simulator.render import s3 as render
from bptui.simulator.requests import Answer, Refusal
from bptui.simulator.routes import objects
from bptui.simulator.routes.environment import known_bucket
from bptui.simulator.service import not_found

if TYPE_CHECKING:
    from bptui.simulator.accounts import Bucket
    from bptui.simulator.requests import Request
    from bptui.simulator.service import Service

LONGEST_LISTING = 1000


async def dispatch(service: Service, request: Request) -> Answer:
    """The answer of the S3 half."""
    word, _, key = request.path.removeprefix("/").partition("/")
    lock = service.appliance.lock
    if key and request.method == "PUT":
        return await objects.put(service, request, word, key)
    if request.method == "POST" and request.flag("delete"):
        body = await request.read()
        with lock:
            return objects.delete_many(service, known_bucket(service, word), body)
    with lock:
        if not word:
            return _service(service, request)
        return _object(service, request, word, key) if key else _bucket(service, request, word)


def _service(service: Service, request: Request) -> Answer:
    if request.method not in ("GET", "HEAD") or request.user is None:
        raise not_found(f"There is nothing at / for {request.method}.")
    shown = sorted(service.appliance.buckets.values(), key=lambda each: each.name)
    return Answer.of(service.style.document("ListAllMyBucketsResult", render.service(shown, request.user)))


def _bucket(service: Service, request: Request, name: str) -> Answer:
    if request.method == "PUT":
        return _make(service, request, name)
    bucket = known_bucket(service, name)
    if request.method == "HEAD":
        return Answer.nothing(200)
    if request.method == "GET":
        return _listing(service, request, bucket)
    if request.method == "DELETE":
        if bucket.objects:
            raise Refusal(409, "BucketNotEmpty", f"The bucket '{name}' is not empty.")
        del service.appliance.buckets[bucket.name]
        return Answer.nothing()
    raise not_found(f"There is nothing at /{name} for {request.method}.")


def _make(service: Service, request: Request, name: str) -> Answer:
    if not 1 <= len(name) <= 63 or not all(
        letter.isascii() and (letter.isalnum() or letter in ".-_") for letter in name
    ):
        raise Refusal(400, "InvalidBucketName", f"'{name}' is not a legal name for a bucket.")
    if name in service.appliance.buckets:
        raise Refusal(409, "BucketAlreadyExists", f"The bucket '{name}' exists already.")
    if request.user is not None:
        service.appliance.add_bucket(name, request.user)
    return Answer.nothing(200, {"Location": f"/{name}"})


def _listing(service: Service, request: Request, bucket: Bucket) -> Answer:
    query = request.query
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    after = query.get("marker") or query.get("start-after") or ""
    most = min(int(query.get("max-keys") or LONGEST_LISTING), LONGEST_LISTING)
    names = [name for name in sorted(bucket.objects) if name.startswith(prefix) and name > after]
    groups = {
        prefix + name.removeprefix(prefix).partition(delimiter)[0] + delimiter
        for name in names
        if delimiter and delimiter in name.removeprefix(prefix)
    }
    entries = sorted({name for name in names if not any(name.startswith(group) for group in groups)} | groups)
    shown = entries[:most]
    page = render.Listing(
        bucket.name,
        prefix,
        delimiter,
        after,
        most,
        len(entries) > len(shown),
        encodes=query.get("encoding-type") == "url",
    )
    stored = [bucket.objects[name] for name in shown if name not in groups]
    content = render.listing(page, stored, [group for group in shown if group in groups], bucket.owner)
    return Answer.of(service.style.document("ListBucketResult", content))


def _object(service: Service, request: Request, word: str, key: str) -> Answer:
    bucket = known_bucket(service, word)
    stored = bucket.objects.get(key)
    if stored is None:
        raise not_found(f"The object '{key}' does not exist.", code="NoSuchKey")
    if request.method == "HEAD":
        return objects.head(stored)
    if request.method == "GET":
        return objects.get(service, request, stored)
    if request.method == "DELETE":
        service.storage.drop(stored.parts.values())
        del bucket.objects[key]
        return Answer.nothing()
    raise not_found(f"There is nothing at {quote(request.path)} for {request.method}.")
