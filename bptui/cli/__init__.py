"""The commands: the composition root that reads the config, builds everything and picks a front end."""


def main() -> None:
    """Run the `bptui` command."""
    raise SystemExit(0)
