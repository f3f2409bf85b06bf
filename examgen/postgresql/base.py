"""PostgreSQL behind a pool that gets over a restart of the server at once.

The pool's own health check throws dead connections away one by one, and sleeps longer
and longer between them: measured, a request waited 5 s in vain though the server was
back. But when one connection is dead, the server went away, and so did all others.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.postgresql import base

# Seconds that a request waits for a connection when the one before it waited in vain.
# More would hold all threads of the process, those that serve healthy pages too.
_WAIT_WHILE_AWAY = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection out of the pool that answers."""
        pool = self.pool
        try:
            connection = super().get_new_connection(conn_params)
            try:
                pool.check_connection(connection)
            except psycopg.OperationalError:
                pool.putconn(connection)
                pool.drain()
                connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            pool.timeout = _WAIT_WHILE_AWAY
            raise
        pool.timeout = self.settings_dict["OPTIONS"]["pool"]["timeout"]
        return connection
