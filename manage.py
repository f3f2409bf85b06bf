#!/usr/bin/env python
"""Run a management command."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "examgen.settings")
    # Settings allow an operator's commands more time than workers. Whoever starts us
    # may have another role, so theirs is not inherited.
    os.environ["EXAMGEN_ROLE"] = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # It names the variable and the cure; where it was noticed helps nobody.
        sys.exit(f"Wrong configuration: {error}")
