"""System checks of the whole site. Each says what is wrong and what to do.

`numbers` lists them all, those of other packages and of the settings included.
"""

from examgen.checks import (
    addresses,
    exposure,
    identity,
    mail,
    names,
    people,
    recognition,
    store,
)

__all__ = [
    "addresses",
    "exposure",
    "identity",
    "mail",
    "names",
    "people",
    "recognition",
    "store",
]
