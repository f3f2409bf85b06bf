"""What loops that must go on say of what fails in them."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.db import connection

from examgen.outage import database_is_away

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Failures:
    """Tells of an outage once, in one line, and of all else with its place."""

    away: bool = False

    def tell(self, error: Exception, what: str) -> None:
        """Say it, and let the next try begin with another connection."""
        if not database_is_away(error):
            log.error(what, exc_info=error)
        elif not self.away:
            self.away = True
            log.warning("database_away", error=str(error).partition("\n")[0])
        connection.close()

    def over(self) -> None:
        """Say that it went well again, if it did not before."""
        if self.away:
            self.away = False
            log.info("database_back")
