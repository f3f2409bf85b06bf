"""Who may open a page."""

from __future__ import annotations

from accounts.views.access import educators_only

__all__ = ["educators_only"]
