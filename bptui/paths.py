"""Where the config file, the state, the audit file and the logs live on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

_APP = "bptui"

CONFIG_VARIABLE = "BPTUI_CONFIG"
STATE_VARIABLE = "BPTUI_STATE_DIR"
LOG_VARIABLE = "BPTUI_LOG_DIR"
AUDIT_VARIABLE = "BPTUI_AUDIT_FILE"


def config_file(environ: Mapping[str, str]) -> Path:
    """Return where the config is: `BPTUI_CONFIG`, or `config.toml` at the platform's place; it may not exist."""
    return _named(environ, CONFIG_VARIABLE) or platformdirs.user_config_path(_APP, appauthor=False) / "config.toml"


def state_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of what a session leaves for the next: `BPTUI_STATE_DIR`, or the platform's place."""
    return _named(environ, STATE_VARIABLE) or platformdirs.user_state_path(_APP, appauthor=False)


def log_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of the logs: `BPTUI_LOG_DIR`, or the platform's place."""
    return _named(environ, LOG_VARIABLE) or platformdirs.user_log_path(_APP, appauthor=False)


def audit_file(environ: Mapping[str, str]) -> Path:
    """Return the append-only record of every close: `BPTUI_AUDIT_FILE`, or `audit.jsonl` among the state."""
    return _named(environ, AUDIT_VARIABLE) or state_dir(environ) / "audit.jsonl"


def recordings_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder of what sessions have seen: `recordings` among the state."""
    return state_dir(environ) / "recordings"


def from_home(text: str) -> Path:
    """Return the path that a person means: `~` is a home; where nobody has that home it stays as it is written."""
    return Path(os.path.expanduser(text))  # noqa: PTH111  # that of pathlib raises for a home that is not known


def _named(environ: Mapping[str, str], variable: str) -> Path | None:
    value = environ.get(variable, "").strip()
    return from_home(value) if value else None
