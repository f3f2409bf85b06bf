from __future__ import annotations

import re
import uuid

from scoring.aliases import alias_of

BOARD = uuid.UUID(int=7)


def test_an_alias_is_a_name_and_a_number_and_stays() -> None:
    person = uuid.UUID(int=1)
    assert re.fullmatch(r"[A-Z][a-z]+ \d{4}", alias_of(BOARD, person))
    assert alias_of(BOARD, person) == alias_of(BOARD, person)


def test_another_board_gives_another_alias() -> None:
    person = uuid.UUID(int=1)
    assert alias_of(BOARD, person) != alias_of(uuid.UUID(int=8), person)


def test_a_class_of_forty_has_forty_aliases() -> None:
    assert len({alias_of(BOARD, uuid.UUID(int=n)) for n in range(40)}) == 40
