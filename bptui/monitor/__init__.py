"""Watching: polls appliances, keeps the latest snapshot, says what changed, carries out wishes."""
