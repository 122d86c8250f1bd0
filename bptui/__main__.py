"""Lets `python -m bptui` do what the `bptui` command does."""

from bptui.cli import main

if __name__ == "__main__":
    main()
