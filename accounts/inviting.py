"""Who joins the staff: asked by an administrator, on it only when a login with two factors is set up, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.utils import generate_unique_username
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, User
from core.privacy import addresses

ADMINISTRATOR = "administrator"


def invitable(address: str) -> str:
    """The address as it will be kept. ValidationError: no address, on the staff already, or invited already."""
    address = addresses.clean(address).lower()
    if User.objects.filter(email__iexact=address).exists():
        raise ValidationError(_("This address already has an account."), code="account")
    if Invitation.objects.open().filter(email__iexact=address).exists():
        raise ValidationError(_("This address has already been invited. Send that invitation again."), code="invited")
    return address


@transaction.atomic
def invite(address: str, roles: Iterable[Group], administrator: bool = False, by: User | None = None) -> Invitation:
    row = Invitation(email=invitable(address), administrator=administrator, invited_by=by)
    write(row)
    row.roles.set(roles)
    return row


def write(row: Invitation) -> None:
    """Begins its 7 days and its mail; one that has run out makes way. Of two administrators at once the later one's counts."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('invitation'), hashtext(lower(%s)))", [row.email])
    Invitation.objects.unanswered().filter(email__iexact=row.email).update(revoked_at=now)
    row.expires_at, row.mail_due_at = now + Invitation.LIVES, now
    row.save(force_insert=True)


@transaction.atomic
def send_again(old: Invitation, by: User | None = None) -> Invitation:
    """A new link to the same address and roles; the old one is dead, wherever it lies."""
    row = Invitation(email=old.email, administrator=old.administrator, invited_by=by)
    roles = list(old.roles.all())
    write(row)
    row.roles.set(roles)
    return row


def revoke(row: Invitation) -> None:
    Invitation.objects.unanswered().filter(pk=row.pk).update(revoked_at=timezone.now())


def next_user_id() -> int:
    """A passkey is made for the number of an account, which comes into being only afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_user', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def accept(row: Invitation, user: User, add_factor: Callable[[User], Authenticator]) -> Authenticator:
    """All of it or nothing: the account, its roles, its second factor and the recovery codes; the invitation is used up.

    `user` is not saved yet. Invitation.DoesNotExist, IntegrityError: it was answered or revoked meanwhile, or the address taken.
    """
    row = Invitation.objects.open().select_for_update().get(pk=row.pk)
    user.username, user.email = generate_unique_username([row.email]), row.email
    user.is_staff, user.is_superuser = True, row.administrator
    user.save(force_insert=True)
    user.groups.set(row.roles.all())
    EmailAddress.objects.create(user=user, email=row.email, verified=True, primary=True)
    factor = add_factor(user)
    RecoveryCodes.activate(user)
    Invitation.objects.filter(pk=row.pk).update(accepted_at=timezone.now(), user=user)
    return factor


def roles_of(row: Invitation) -> list[str]:
    return [ADMINISTRATOR] * row.administrator + [role.name for role in row.roles.all()]


def state(row: Invitation) -> object:
    if row.accepted_at:
        return _("accepted")
    if row.revoked_at:
        return _("revoked")
    return _("waiting") if row.expires_at > timezone.now() else _("expired")
