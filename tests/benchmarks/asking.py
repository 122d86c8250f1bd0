"""The floor of the first list: the bare application, which asks an appliance by httpx and reads the answer by lxml.

`python -m tests.benchmarks.asking` is pointed at the appliance by the environment, as bptui is.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import os
from collections.abc import Mapping
from email.utils import formatdate
from importlib import import_module

from textual.widgets import DataTable

from tests.benchmarks.bare import Bare

PATH = "/_rest_/job"
SHOWN = ("RequestType", "Name", "BucketName", "OriginalSizeInBytes", "CompletedSizeInBytes", "Status")


def signed(environ: Mapping[str, str]) -> dict[str, str]:
    """The headers that the appliance asks for (AWS signature version 2)."""
    date = formatdate(usegmt=True)
    text = f"GET\n\n\n{date}\n{PATH}"
    digest = hmac.digest(environ["DS3_SECRET_KEY"].encode(), text.encode(), "sha1")
    return {"Date": date, "Authorization": f"AWS {environ['DS3_ACCESS_KEY']}:{base64.b64encode(digest).decode()}"}


class Asking(Bare):
    """A table that is filled with what an appliance tells, once the first frame is painted."""

    def on_ready(self) -> None:
        self.run_worker(self._fill())

    async def _fill(self) -> None:
        httpx = await asyncio.to_thread(import_module, "httpx")
        etree = await asyncio.to_thread(import_module, "lxml.etree")
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{os.environ['DS3_ENDPOINT']}{PATH}", headers=signed(os.environ))
        table: DataTable[str] = self.query_one(DataTable)
        for job in etree.fromstring(answer.content):
            table.add_row(*(job.get(name, "") for name in SHOWN), key=job.get("JobId"))


if __name__ == "__main__":
    Asking(0, 0, 5).run()
