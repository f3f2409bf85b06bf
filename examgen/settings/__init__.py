"""Settings, one module per concern, all driven by environment variables.

`docs/configuration.md` lists every variable. Importing this package is the only way
to get the whole set; `examgen.settings.test` is the same site prepared for tests.
"""

from examgen.settings import packages  # noqa: F401 - looks at what is installed
from examgen.settings.api import *  # noqa: F403
from examgen.settings.cache import *  # noqa: F403
from examgen.settings.celery import *  # noqa: F403
from examgen.settings.core import *  # noqa: F403
from examgen.settings.database import *  # noqa: F403
from examgen.settings.exams import *  # noqa: F403
from examgen.settings.jobs import *  # noqa: F403
from examgen.settings.logs import *  # noqa: F403
from examgen.settings.mail import *  # noqa: F403
from examgen.settings.people import *  # noqa: F403
from examgen.settings.security import *  # noqa: F403
from examgen.settings.stores import *  # noqa: F403
from examgen.settings.web import *  # noqa: F403
