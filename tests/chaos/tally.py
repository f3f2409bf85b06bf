"""Counts the cases of chaos: one fault at one point each, in tests marked `chaos`.

A plugin of the whole suite: with several processes the one that sums up collects
nothing, and so reads no conftest of a folder.
"""

from __future__ import annotations

import pytest

_CASES = "chaos cases"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if marker := item.get_closest_marker("chaos"):
            # Travels with the reports from process to process.
            item.user_properties.append((_CASES, marker.kwargs.get("cases", 1)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    cases: dict[str, int] = {}
    passed: set[str] = set()
    lost: set[str] = set()
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            # Tests that were not asked for stand here as well.
            if not isinstance(report, pytest.TestReport):
                continue
            number = dict(report.user_properties).get(_CASES)
            if not isinstance(number, int):
                continue
            cases[report.nodeid] = number
            if outcome == "passed":
                passed.add(report.nodeid)
            elif outcome:
                # Failed, skipped, broken when it was set up or cleared away.
                lost.add(report.nodeid)
    if cases:
        survived = sum(cases[test] for test in passed - lost)
        terminalreporter.write_line(
            f"chaos: {survived} of {sum(cases.values())} cases survived"
        )
