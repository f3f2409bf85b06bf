"""Courses: who is in them, and who is asked to come."""

from __future__ import annotations

import uuid

from django.core import signing

from accounts.models import Invitation


def invitation_token(invitation: Invitation) -> str:
    """What the invitation's link carries: whoever brings it reads that mailbox."""
    return signing.Signer(salt="accounts.invitation").sign(str(invitation.id))


def invitation_of(token: str) -> Invitation | None:
    try:
        invitation_id = uuid.UUID(
            signing.Signer(salt="accounts.invitation").unsign(token)
        )
    except (signing.BadSignature, ValueError):
        return None
    return Invitation.objects.filter(id=invitation_id).first()
