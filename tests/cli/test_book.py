"""The appliances that the screen can choose among, as the config file and the environment describe them."""

from __future__ import annotations

from pathlib import Path

from bptui.cli.book import ApplianceBook
from bptui.cli.invocation import Invocation

CONFIG = '[endpoints.lab]\nurl = "lab.example.test"\naccess_id = "id"\nsecret_env = "LAB"\n'


def test_an_environment_that_lacks_a_key_hides_nothing(tmp_path: Path) -> None:
    """Who opened a configured appliance by its name finds the others, though DS3_ENDPOINT stands there by itself."""
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    environ = {"DS3_ENDPOINT": "http://10.0.0.7", "BPTUI_CONFIG": str(config)}
    book = ApplianceBook(Invocation(environ))
    assert [draft.endpoint.name for draft in book.configured()] == ["lab"]
    assert book.default == "lab"
    assert book.name_mistake("other") is None
