"""Where files live."""

from __future__ import annotations

from pathlib import Path

from bptui.paths import audit_file, config_file, log_dir, state_dir


def test_the_environment_decides() -> None:
    """Each place can be moved by a variable of its own."""
    environ = {"BPTUI_CONFIG": "/c/x.toml", "BPTUI_STATE_DIR": "/s", "BPTUI_LOG_DIR": "/l"}
    assert config_file(environ) == Path("/c/x.toml")
    assert state_dir(environ) == Path("/s")
    assert log_dir(environ) == Path("/l")
    assert audit_file(environ) == Path("/s/audit.jsonl")
    assert audit_file({"BPTUI_AUDIT_FILE": "~/a.jsonl"}) == Path.home() / "a.jsonl"
    assert audit_file({"BPTUI_AUDIT_FILE": "~nobody-at-all/a.jsonl"}) == Path("~nobody-at-all/a.jsonl")


def test_the_platform_decides_otherwise() -> None:
    """Without a variable, everything is in folders named after the program."""
    assert config_file({}).parts[-2:] == ("bptui", "config.toml")
    assert "bptui" in state_dir({}).parts
    assert "bptui" in log_dir({"BPTUI_LOG_DIR": " "}).parts
