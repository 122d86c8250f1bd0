"""A pretend appliance on a real socket, and a plain HTTP client that signs as the DS3 API reference says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import io
import ssl
from contextlib import ExitStack
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from bptui.simulator.options import Options
from bptui.simulator.server import RunningSimulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def xml(self) -> ET.Element:
        return ET.fromstring(self.body)  # noqa: S314 - our own appliance made it


@dataclass
class Client:
    """Signs and sends; nothing in it is shared with the appliance's own code."""

    simulator: RunningSimulator
    alarm: io.StringIO
    secret: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def sign(self, method: str, path: str, headers: dict[str, str], amz: str = "") -> dict[str, str]:
        headers = {"Date": formatdate(usegmt=True), **headers}
        checksum = headers.get("Content-MD5", "")
        text = (
            f"{method}\n{checksum}\n{headers.get('Content-Type', '')}\n{headers['Date']}\n{amz}{path.partition('?')[0]}"
        )
        secret = self.secret or self.simulator.secret_key
        digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()
        headers["Authorization"] = f"AWS {self.simulator.access_key}:{base64.b64encode(digest).decode()}"
        return headers

    def connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.simulator.endpoint)
        assert parts.hostname is not None
        if parts.scheme == "https":
            pem = self.simulator.ca_pem
            assert pem is not None
            context = ssl.create_default_context(cadata=pem.decode())
            return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=10, context=context)
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, amz: str = ""
    ) -> Reply:
        connection = self.connect()
        try:
            connection.request(method, path, body, self.sign(method, path, headers or {}, amz))
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=headers)

    def put(self, path: str, body: bytes | None = None, **headers: str) -> Reply:
        return self.send("PUT", path, body, headers)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)

    def jobs(self, query: str = "") -> dict[str, ET.Element]:
        """The job list by name."""
        return {each.attrib["Name"]: each for each in self.get(f"/_rest_/job{query}").xml}

    def start(self, bucket: str, operation: str, objects: dict[str, int], query: str = "") -> ET.Element:
        """A bulk request's answer."""
        root = ET.Element("Objects")
        for name, size in objects.items():
            ET.SubElement(root, "Object", Name=name, Size=str(size))
        reply = self.put(f"/_rest_/bucket/{bucket}?operation={operation}{query}", ET.tostring(root))
        assert reply.status == 200, reply.body
        return reply.xml


@pytest.fixture(scope="session")
def running() -> Iterator[ExitStack]:
    """Waits at the very end for every appliance that was told to stop: each needs a tenth of a second for it."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def simulate(running: ExitStack) -> Iterator[Callable[..., Client]]:
    """Starts a pretend appliance whose time stands still until a test moves it."""
    started: list[Client] = []

    def start(**options: Any) -> Client:
        alarm = io.StringIO()
        chosen = Options(**{"speed": 0.0, **options})
        started.append(Client(running.enter_context(RunningSimulator(chosen, alarm=alarm)), alarm))
        return started[-1]

    yield start
    for client in started:
        client.simulator.stop()


@pytest.fixture
def samples() -> Path:
    return SAMPLES
