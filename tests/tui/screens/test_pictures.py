"""Every dialog looks as it was accepted, at each size and without colour or Unicode."""

from __future__ import annotations
