"""The calls about the appliance itself, its people and its buckets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bptui.simulator.render import environment as render
from bptui.simulator.requests import Refusal
from bptui.simulator.routes.paging import page
from bptui.simulator.service import not_found

if TYPE_CHECKING:
    from bptui.simulator.accounts import Bucket
    from bptui.simulator.requests import Answer, Request
    from bptui.simulator.service import Service


def system_information(service: Service, _: Request) -> Answer:
    """Get System Information."""
    return service.data(render.system_information(service.appliance, service.own_now()))


def system_health(service: Service, _: Request) -> Answer:
    """Verify System Health."""
    if not service.appliance.machine.is_healthy:
        raise Refusal(503, "ServiceUnavailable", "The data planner is not answering; try again later.")
    return service.data(render.system_health(service.appliance))


def nodes(service: Service, request: Request) -> Answer:
    """Get Nodes."""
    now = service.own_now()
    return page(
        service,
        request,
        service.appliance.machine.nodes,
        lambda each: each.id,
        lambda each: ("Node", render.node(each, now)),
    )


def node(service: Service, _: Request, word: str) -> Answer:
    """Get Node."""
    for each in service.appliance.machine.nodes:
        if word in (each.id, each.name):
            return service.data(render.node(each, service.own_now()))
    raise not_found(f"No node is known under the identifier '{word}'.")


def data_path_backend(service: Service, _: Request) -> Answer:
    """Get Data Path Backend."""
    return service.data(render.data_path_backend(service.appliance, service.own_now()))


def cache_state(service: Service, _: Request) -> Answer:
    """Get Cache State."""
    return service.data(render.cache_state(service.appliance))


def tasks(service: Service, request: Request) -> Answer:
    """Get Blob Store Tasks; from 6.0 on those of one job, if asked."""
    release = service.appliance.release
    shown = list(service.appliance.machine.tasks.values())
    if release.has_job_entries and request.query.get("job"):
        shown = [task for task in shown if request.query["job"] in task.job_ids]
    return service.data([("Tasks", render.task(task, release)) for task in shown])


def buckets(service: Service, request: Request) -> Answer:
    """Get Buckets."""
    release, name = service.appliance.release, request.query.get("name")
    shown = [each for each in service.appliance.buckets.values() if not name or each.name == name]
    return page(service, request, shown, lambda each: each.id, lambda each: ("Bucket", render.bucket(each, release)))


def bucket(service: Service, _: Request, word: str) -> Answer:
    """Get Bucket."""
    return service.data(render.bucket(known_bucket(service, word), service.appliance.release))


def known_bucket(service: Service, word: str) -> Bucket:
    """The bucket with this name or id.

    Raises:
        Refusal: 404.
    """
    found = service.appliance.bucket_of(word)
    if found is None:
        raise not_found(f"The bucket '{word}' does not exist.", code="NoSuchBucket")
    return found


def users(service: Service, request: Request) -> Answer:
    """Get Users: with everyone's secret key, as appliances answer."""
    release, name = service.appliance.release, request.query.get("name")
    shown = [each for each in service.appliance.users.values() if not name or each.name == name]
    return page(service, request, shown, lambda each: each.id, lambda each: ("User", render.user(each, release)))


def user(service: Service, _: Request, word: str) -> Answer:
    """Get User."""
    for each in service.appliance.users.values():
        if word in (each.id, each.name):
            return service.data(render.user(each, service.appliance.release))
    raise not_found(f"No user is known under the identifier '{word}'.", service.appliance.release.gone_status)


def data_policies(service: Service, request: Request) -> Answer:
    """Get Data Policies."""
    policies = service.appliance.library.policies
    return page(service, request, policies, lambda each: each.id, lambda each: ("DataPolicy", render.data_policy(each)))


def data_policy(service: Service, _: Request, word: str) -> Answer:
    """Get Data Policy."""
    for each in service.appliance.library.policies:
        if word in (each.id, each.name):
            return service.data(render.data_policy(each))
    raise not_found(f"No data policy is known under the identifier '{word}'.")


def job_creation_failures(service: Service, request: Request) -> Answer:
    """Get Job Creation Failures (5.6 on), newest first."""
    if not service.appliance.release.since(5, 6):
        raise not_found("There is nothing at job_creation_failed.")
    refused = service.appliance.machine.refused_jobs[::-1]
    return page(
        service, request, refused, render.refused_id, lambda each: ("JobCreationFailed", render.refused_job(each))
    )
