from __future__ import annotations

import pytest

from exams.quality import Share, Tally, Verdict, share


# Checked against R's prop.test(x, n, correct = FALSE).
@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [
        (0, 0, (0.0, 0.0, 1.0)),
        (0, 10, (0.0, 0.0, 0.2775)),
        (10, 10, (1.0, 0.7225, 1.0)),
        (1, 2, (0.5, 0.0945, 0.9055)),
        (70, 100, (0.7, 0.6042, 0.7811)),
        (92, 100, (0.92, 0.85, 0.9589)),
    ],
)
def test_a_share_has_its_wilson_interval(
    count: int, total: int, expected: tuple[float, float, float]
) -> None:
    found = share(count, total)
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=5e-5)


def test_tallies_add_up_and_tell_both_shares() -> None:
    verdicts = [Verdict.KEEP, Verdict.KEEP, Verdict.EDIT, Verdict.REJECT]
    tally = sum(map(Tally.of, verdicts), Tally())
    assert tally == Tally(kept=2, edited=1, rejected=1)
    assert tally.total == 4
    assert (tally.as_is, tally.after_edit) == (share(2, 4), share(3, 4))
    assert Tally().as_is == Share(0.0, 0.0, 1.0)
