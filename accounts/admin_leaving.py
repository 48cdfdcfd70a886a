"""The page on which an administrator hands over what waits for somebody who leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import logout
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from unfold.widgets import UnfoldAdminSelectWidget

from accounts import handing_over
from accounts.administrators import ONLY_ADMINISTRATOR, OnlyAdministrator
from accounts.forms import Person
from accounts.models import User
from core.staff.pages import WithSteps
from core.text.forms import CleanForm


class HandOverForm(CleanForm, forms.Form):
    to = Person(User.objects.none(), label=_("Who takes over"), widget=UnfoldAdminSelectWidget)
    roles = forms.ModelMultipleChoiceField(
        Group.objects.none(),
        label=_("Roles to hand over as well"),
        help_text=_("Exports go only to somebody who may fetch them, decisions only to somebody who may decide."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, leaver: User, *args: Any) -> None:
        super().__init__(*args)
        to: Any = self.fields["to"]
        to.queryset = User.objects.filter(is_staff=True, is_active=True).exclude(pk=leaver.pk).order_by("email")
        roles: Any = self.fields["roles"]
        roles.queryset = leaver.groups.order_by("name")


class Leaving(WithSteps):
    """Staff, with a step for whoever leaves."""

    steps = {"transfer": "accounts.change_user"}

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.transfer)
        return [path("<int:pk>/transfer/", page, name="accounts_user_transfer"), *super().get_urls()]

    @admin.display(description=_("leaves the staff"))
    def leaving(self, user: User) -> Any:
        if not (user.is_staff and user.is_active):
            return "–"
        where = reverse("admin:accounts_user_transfer", args=[user.pk])
        return format_html('<a href="{}">{}</a>', where, _("Hand over what is waiting, and close the account"))

    def transfer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what waits for somebody; a POST gives it to somebody else and closes the account."""
        self.require(request, "transfer")
        leaver = get_object_or_404(User, pk=min(pk, 2**31 - 1), is_staff=True)
        back = reverse("admin:accounts_user_change", args=[leaver.pk])
        form = HandOverForm(leaver, request.POST or None)
        if form.is_valid() and self._handed_over(request, leaver, form):
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("%(person)s is leaving") % {"person": leaver.email},
            "form": form,
            "waiting": handing_over.waiting(leaver),
            "back": back,
        }
        return TemplateResponse(request, "accounts/admin_leaving.html", context, status=422 if form.is_bound else 200)

    def _handed_over(self, request: HttpRequest, leaver: User, form: HandOverForm) -> bool:
        to, roles = form.cleaned_data["to"], form.cleaned_data["roles"]
        try:
            with transaction.atomic():
                moved = handing_over.hand_over(leaver, to, roles)
                self.log_change(request, leaver, _entry(to, moved, roles))
        except OnlyAdministrator:
            form.add_error(None, ONLY_ADMINISTRATOR)
        except handing_over.NotOnTheStaff:
            form.add_error("to", _("This person has left in the meantime. Please choose again."))
        else:
            self._say_so(request, leaver)
            return True
        return False

    def _say_so(self, request: HttpRequest, leaver: User) -> None:
        """Whoever has closed their own account is out: their session takes no message any more."""
        if leaver == request.user:
            logout(request)
        else:
            self.message_user(request, _("The account is closed, and its sessions have ended."))


def _entry(to: User, moved: list[tuple[Any, int]], roles: Iterable[Group]) -> str:
    """The one line that the log has of it, in the language of all its lines."""
    with override("en"):
        told = [*(f"{number} {label}" for label, number in moved), *(role.name for role in roles)]
    return f"Handed over to {to.email}: {', '.join(told) or 'nothing'}. Closed the account."
