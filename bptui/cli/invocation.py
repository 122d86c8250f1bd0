"""What the person chose on the command line, gathered from before and after the subcommand."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from bptui.cli.durations import Within
from bptui.config.settings import THEMES
from bptui.model.endpoint import MAXIMUM_INTERVAL_SECONDS, MINIMUM_INTERVAL_SECONDS
from bptui.paths import config_file

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(slots=True)
class ScreenChoices:
    """What was said about the screen; None leaves it to the config."""

    interval_seconds: float | None = None
    theme: str | None = None
    has_mouse: bool | None = None
    is_ascii: bool | None = None

    def given(self) -> list[str]:
        """Name the options that were given."""
        chosen = {
            "--interval": self.interval_seconds,
            "--theme": self.theme,
            "--mouse": self.has_mouse,
            "--ascii": self.is_ascii,
        }
        return [name for name, value in chosen.items() if value is not None]


@dataclass(slots=True)
class Invocation:
    """One call of the program."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    names: tuple[str, ...] = ()
    """The endpoints that `-e` names, in order, each once."""
    is_read_only: bool = False
    config: Path | None = None
    screen: ScreenChoices = field(default_factory=ScreenChoices)
    is_warned: bool = False
    """Whether the config's warnings were already passed on."""

    @property
    def config_path(self) -> Path:
        """The config file: as the flag says, else the environment, else the platform."""
        return self.config or config_file(self.environ)


def _gather_names(context: click.Context, _: click.Parameter, value: tuple[str, ...]) -> None:
    invocation = context.ensure_object(Invocation)
    invocation.names = tuple(dict.fromkeys((*invocation.names, *value)))


def _gather_read_only(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001  # click's shape
    invocation = context.ensure_object(Invocation)
    invocation.is_read_only = invocation.is_read_only or value


def _gather_config(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    invocation = context.ensure_object(Invocation)
    invocation.config = value or invocation.config


def _gather_screen(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def gather(context: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None:
            setattr(context.ensure_object(Invocation).screen, name, value)

    return gather


def config_option(command: _Command) -> _Command:
    """Add `--config`."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_gather_config,
        metavar="FILE",
        help="The config file, instead of BPTUI_CONFIG or the usual place.",
    )(command)


def appliance_options(command: _Command) -> _Command:
    """Add `-e`, `--read-only` and `--config`, which stand before or after a subcommand."""
    command = config_option(command)
    command = click.option(
        "--read-only", is_flag=True, expose_value=False, callback=_gather_read_only, help="Never change anything."
    )(command)
    return click.option(
        "-e",
        "--endpoint",
        multiple=True,
        expose_value=False,
        callback=_gather_names,
        metavar="NAME",
        help="An appliance from the config, or `env` for DS3_ENDPOINT; may be given several times.",
    )(command)


def interval_option(**more: Any) -> Callable[[_Command], _Command]:
    """Add `--interval`, with whatever else click is to be told of it."""
    return click.option(
        "--interval",
        type=Within(min=MINIMUM_INTERVAL_SECONDS, max=MAXIMUM_INTERVAL_SECONDS),
        metavar="SECONDS",
        help="How often the job list is read.",
        **more,
    )


def screen_options(command: _Command) -> _Command:
    """Add what the screen can be told."""
    for option in reversed(
        [
            interval_option(expose_value=False, callback=_gather_screen("interval_seconds")),
            click.option(
                "--theme",
                type=click.Choice(THEMES),
                expose_value=False,
                callback=_gather_screen("theme"),
                help="The colours of the screen.",
            ),
            click.option(
                "--mouse/--no-mouse",
                default=None,
                expose_value=False,
                callback=_gather_screen("has_mouse"),
                help="Whether the mouse is used; unless told, not under SSH and tmux.",
            ),
            click.option(
                "--ascii",
                is_flag=True,
                default=None,
                expose_value=False,
                callback=_gather_screen("is_ascii"),
                help="Draw with ASCII characters only.",
            ),
        ]
    ):
        command = option(command)
    return command
