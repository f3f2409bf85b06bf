"""How the commands of this package answer whoever called them."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from examgen.backup.errors import BackupError


@contextmanager
def answering() -> Iterator[None]:
    """Say what ended a command in one sentence, with exit code 1.

    Ctrl-C and SIGTERM end it at the place that has been reached, so that what is half
    done is taken away. What a service warns of in the log is part of the sentence.
    """
    # SIGINT as well: a shell that starts a command in the background ignores it.
    before = {
        number: signal.signal(number, signal.default_int_handler)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    logging.disable(logging.WARNING)
    try:
        yield
    except KeyboardInterrupt as error:
        raise CommandError("Stopped before its end; it can be run again.") from error
    except BackupError as error:
        raise CommandError(str(error)) from error
    finally:
        logging.disable(logging.NOTSET)
        for number, handler in before.items():
            signal.signal(number, handler)
