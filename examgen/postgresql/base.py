"""PostgreSQL behind a pool that gets over a restart of the server at once.

The pool's own health check throws dead connections away one by one, and sleeps longer
and longer between them: measured, a request waited 5 s in vain though the server was
back. But when one connection is dead, the server went away, and so did all others.

Nor does the pool go on to connect for those who wait: it gives up after a while, and
they wait on for nothing. It tries again for whoever asks, so they ask again and again.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

# Seconds that a request waits for a connection when the one before it waited in vain.
# More would hold all threads of the process, those that serve healthy pages too.
_WAIT_WHILE_AWAY = 0.5
# Whoever waits asks anew this often. That loses their place among those who wait, but
# where there are as many connections as threads nobody waits for another.
_ASK_SECONDS = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    # Whether the last request of this process waited in vain.
    away = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection out of the pool that answers."""
        patience = self.settings_dict["OPTIONS"]["pool"]["timeout"]
        until = monotonic() + (_WAIT_WHILE_AWAY if self.away else patience)
        self.pool.timeout = min(_ASK_SECONDS, patience)
        while True:
            try:
                connection = self._living(conn_params)
            except PoolTimeout:
                if monotonic() >= until:
                    DatabaseWrapper.away = True
                    raise
            else:
                DatabaseWrapper.away = False
                return connection

    def _living(self, conn_params: dict[str, Any]) -> Any:
        pool = self.pool
        connection = super().get_new_connection(conn_params)
        try:
            pool.check_connection(connection)
        except psycopg.OperationalError:
            pool.putconn(connection)
            pool.drain()
            connection = super().get_new_connection(conn_params)
        return connection
