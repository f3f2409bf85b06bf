"""What benchmarks upload, and what they ask for."""

from __future__ import annotations

WISH = {"questions": "5", "options": "4", "seed": "1"}


def another(pdf: bytes, label: str) -> bytes:
    """Another file that reads the same: a comment after the end is not read."""
    return pdf + f"\n%{label}\n".encode()
