from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import inviting
from accounts.models import Invitation


class Command(BaseCommand):
    help = (
        "Invites somebody to the staff by mail, with a password and a second factor, or a passkey. Again: a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--role", action="append", required=True, dest="roles", help="give it once for each role")

    @transaction.atomic
    def handle(self, *args: Any, address: str, roles: list[str], **options: Any) -> None:
        groups = Group.objects.filter(name__in=roles)
        unknown = set(roles) - {inviting.ADMINISTRATOR} - {group.name for group in groups}
        if unknown:
            known = ", ".join([inviting.ADMINISTRATOR, *Group.objects.order_by("name").values_list("name", flat=True)])
            raise CommandError(f"There is no role {', '.join(sorted(unknown))}. Roles: {known}")
        for before in Invitation.objects.unanswered().filter(email__iexact=address.strip()):
            inviting.revoke(before)
        try:
            row = inviting.invite(address, groups, administrator=inviting.ADMINISTRATOR in roles)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{row.email} is invited as {', '.join(inviting.roles_of(row))}, for {row.LIVES.days} days.")
