from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_save


class JobsConfig(AppConfig):
    name = "examgen.jobs"
    label = "jobs"
    verbose_name = "Events and jobs"

    def ready(self) -> None:
        """Connect the site's only two model signals of our own."""
        from examgen.jobs import checks, receivers  # noqa: F401, PLC0415
        from examgen.jobs.models import Event, Job  # noqa: PLC0415
        from examgen.jobs.wiring import wiring  # noqa: PLC0415

        post_save.connect(
            receivers.add_jobs, sender=Event, dispatch_uid="jobs.add_jobs"
        )
        post_save.connect(receivers.ring, sender=Job, dispatch_uid="jobs.ring")
        # Read the lists now: a wrong one stops the start, not the first event.
        wiring()
