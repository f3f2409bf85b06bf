"""What workers do about messages. Each task calls one service and decides nothing.

Several have the same few words: their names tell the operator what a job is about.
"""

from __future__ import annotations

from examgen.jobs.runner import Run
from notifications.services import announce, boards, results
from notifications.services import deliver as delivering


def welcome(run: Run) -> None:
    announce.announce(run=run)


def invite(run: Run) -> None:
    announce.announce(run=run)


def tell_person(run: Run) -> None:
    announce.announce(run=run)


def tell_owner(run: Run) -> None:
    announce.announce(run=run)


def tell_students(run: Run) -> None:
    announce.announce(run=run)


def send_receipt(run: Run) -> None:
    announce.announce(run=run)


def tell_result(run: Run) -> None:
    results.tell_one(run=run)


def tell_results(run: Run) -> None:
    results.tell_all(run=run)


def tell_board(run: Run) -> None:
    boards.tell(run=run)


def deliver(run: Run) -> None:
    delivering.deliver(run=run)


def give_up(run: Run) -> None:
    delivering.give_up(run=run)
