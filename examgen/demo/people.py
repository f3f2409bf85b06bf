"""Who is in the demo: four who can be tried by one click, and a class beside them."""

from __future__ import annotations

from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.states import Role
from notifications.services import subscriptions
from notifications.states import Channel

PASSWORD = "examgen-demo"  # noqa: S105 - public on purpose, and bound to loopback

EDUCATOR = "educator@example.com"
STUDENT = "student@example.com"
TAKER = "taker@example.com"
ADMIN = "admin@example.com"
# Whom the sign-in page offers.
ONE_CLICK = (EDUCATOR, STUDENT, TAKER, ADMIN)

# First names from everywhere, and of nobody.
CLASS = (
    *("Aiko", "Amara", "Anouk", "Bilal", "Bruno", "Camila", "Chidi", "Dalia"),
    *("Diego", "Elif", "Emeka", "Freya", "Goran", "Hana", "Iris", "Jakub"),
    *("Kofi", "Lan", "Leila", "Mateo", "Mei", "Nadia", "Noa", "Oskar"),
    *("Priya", "Ravi", "Sefa", "Tomás", "Yara", "Zola"),
)
_PLAIN = str.maketrans("á", "a")


def person(email: str, name: str, role: Role, *, admin: bool = False) -> User:
    """Somebody to sign in as; who is there already keeps what they changed."""
    return _confirmed(
        User.objects.filter(email=email).first()
        or User.objects.create_user(
            email, PASSWORD, name=name, role=role, is_staff=admin, is_superuser=admin
        )
    )


def classmate(name: str) -> User:
    """One of the class, whom nobody signs in as, and who gets no mails.

    Thirty receipts would bury the one that a visitor's own hand brought about.
    """
    email = f"{name.translate(_PLAIN).lower()}@example.org"
    if found := User.objects.filter(email=email).first():
        return found
    user = _confirmed(User.objects.create_user(email, name=name, role=Role.STUDENT))
    mails = [
        (message, channel)
        for message, channel in subscriptions.choices_of(user)
        if channel == Channel.EMAIL
    ]
    subscriptions.choose(person=user, choices=dict.fromkeys(mails, False))
    return user


def _confirmed(user: User) -> User:
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user
