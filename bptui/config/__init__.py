"""The config file: `Settings` from TOML, and small changes back into it with everything else kept."""
