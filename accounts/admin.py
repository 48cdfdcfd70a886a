from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from accounts import (
    admin_log,  # noqa: F401 - registers its own page
    deleting,
    inviting,
    sessions,
)
from accounts.admin_leaving import Leaving
from accounts.administrators import ONLY_ADMINISTRATOR, OnlyAdministrator, require_another
from accounts.models import Invitation, InvitationQuerySet, StaffSession, StaffSessionQuerySet, User
from core.generic import AnyModelForm
from core.staff.editing import Editing
from core.staff.pages import NothingToSave
from core.text.formats import listed
from core.text.forms import CleanForm

# Group, and what allauth registers: people are invited and their second factors removed here, the rest is not for hands.
for model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class StaffForm(UserChangeForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        stays = cleaned.get("is_superuser") and cleaned.get("is_active")
        if not stays and "is_superuser" in self.fields:
            try:
                require_another([self.instance.pk])
            except OnlyAdministrator:
                self.add_error("is_superuser", ONLY_ADMINISTRATOR)
        return cleaned


@admin.register(User)
class StaffAdmin(Leaving, Editing, UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Staff come by invitation; supporters appear with their X number only."""

    form = StaffForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "is_staff", "last_login")
    readonly_fields = ("leaving",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever has changed anything is made inactive: with the account would go who did it."""
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and not (obj and LogEntry.objects.filter(user=obj).exists())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The only administrator is among what stays, with the reason. Sessions end with their account."""
        shown, counts, needed, protected = super().get_deleted_objects(objs, request)
        needed.discard(StaffSession._meta.verbose_name)
        try:
            require_another([user.pk for user in objs])
        except OnlyAdministrator:
            protected = [*protected, str(ONLY_ADMINISTRATOR)]
        return shown, counts, needed, protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        deleting.note(User.objects.filter(pk=obj.pk))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        deleting.note(queryset)
        super().delete_queryset(request, queryset)

    @transaction.atomic
    def response_action(self, request: HttpRequest, queryset: QuerySet[User], *args: Any, **kwargs: Any) -> Any:
        """In one transaction: who is left is looked at before anybody goes."""
        return super().response_action(request, queryset, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """An address that was replaced opens nothing any more."""
        super().save_model(request, obj, form, change)
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email or "").delete()
        if obj.is_staff and obj.email:
            EmailAddress.objects.update_or_create(
                user=obj, email=obj.email, defaults={"verified": True, "primary": True}
            )

    fieldsets = (
        (None, {"fields": ("username", "email", "password")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "leaving")}),
    )


@admin.register(StaffSession)
class StaffSessionAdmin(NothingToSave):
    """Who is logged in; an administrator ends what should not stand. Everybody ends their own on the page of their account."""

    list_display = ("user", "device", "began_at", "seen_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__username")
    fields = readonly_fields = list_display
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> StaffSessionQuerySet:
        return StaffSession.objects.standing()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StaffSession | None = None) -> bool:
        return False

    @admin.action(description=_("End these sessions"), permissions=["change"])
    @transaction.atomic
    def end(self, request: HttpRequest, queryset: StaffSessionQuerySet) -> None:
        """But not the one in which this is asked: that one has a way to log out."""
        rows = queryset.exclude(session=request.session.session_key)
        for row in rows:
            self.log_change(request, row.user, "Ended a session.")
        ended = _("ended")
        self.message_user(request, f"{sessions.end(rows)}: {ended}")


@admin.register(Group)
class RoleAdmin(Editing, GroupAdmin, ModelAdmin):
    pass


@admin.register(Authenticator)
class SecondFactorAdmin(NothingToSave, ModelAdmin):
    """Whoever has lost a second factor gets it removed here, and sets up a new one at the next login."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        super().delete_model(request, obj)
        _no_codes_alone([obj.user])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        users = [factor.user for factor in queryset.select_related("user")]
        super().delete_queryset(request, queryset)
        _no_codes_alone(users)


def _no_codes_alone(users: list[User]) -> None:
    """Recovery codes replace a factor that is there: left alone they keep their owner out, and open to whoever found them."""
    for user in users:
        delete_dangling_recovery_codes(user)


class InvitationForm(CleanForm, AnyModelForm):
    class Meta:
        model = Invitation
        fields = ("email", "roles", "administrator")
        widgets = {"roles": forms.CheckboxSelectMultiple}

    def clean_email(self) -> str:
        return inviting.invitable(self.cleaned_data["email"])


@admin.register(Invitation)
class InvitationAdmin(NothingToSave):
    """Administrators ask people onto the staff; what was asked can be sent again or revoked, and is not rewritten."""

    form = InvitationForm
    list_display = ("email", "invited_as", "state", "expires_at", "invited_by")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    actions = ("send_again", "revoke")

    def has_view_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> list[Any]:
        return list(InvitationForm.Meta.fields) if obj else []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """The roles follow in the same transaction, before any mail goes out."""
        obj.invited_by = cast(User, request.user)
        inviting.write(obj)

    def get_queryset(self, request: HttpRequest) -> InvitationQuerySet:
        rows: InvitationQuerySet = super().get_queryset(request)
        return rows.prefetch_related("roles")

    @admin.display(description=_("roles"))
    def invited_as(self, row: Invitation) -> str:
        return listed(inviting.roles_of(row))

    @admin.display(description=_("state"))
    def state(self, row: Invitation) -> str:
        return str(inviting.state(row))

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: InvitationQuerySet) -> None:
        for row in queryset.unanswered():
            inviting.send_again(row, cast(User, request.user))
            self.log_change(request, row, "Sent again.")
        self.message_user(request, _("We are sending a new link. The old one no longer works."))

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: InvitationQuerySet) -> None:
        for row in queryset.unanswered():
            inviting.revoke(row)
            self.log_change(request, row, "Revoked.")
        self.message_user(request, _("The link no longer works."))
