"""`make run`: prepare what is missing, then serve. Says in a few lines what it does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, ManagementUtility, call_command

from examgen import assets


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings")
    # It migrates, which takes its time.
    os.environ["EXAMGEN_ROLE"] = "start"
    # Filling the demo writes mails already: their links lead to this very port.
    _, _, port = " ".join(arguments).partition("--port ")
    if port:
        os.environ.setdefault("EXAMGEN_URL", f"http://127.0.0.1:{port.split()[0]}")
    # Children run management commands by this file's name.
    sys.argv[0] = str(Path(__file__).resolve().parents[1] / "manage.py")
    django.setup()
    call_command("check")
    call_command("migrate", verbosity=0)
    if not settings.DEBUG:
        assets.collect()
    if settings.DEMO:
        call_command("seed_demo")
    ManagementUtility([sys.argv[0], "serve", *arguments]).execute()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ImproperlyConfigured as error:
        # It names the variable and the cure; where it was noticed helps nobody.
        sys.exit(f"Wrong configuration: {error}")
    except CommandError as error:
        sys.exit(str(error))
