"""The table of roles for people to read: generated from the permissions of accounts/roles.py and from what each page asks for."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import ROLES, may
from core.staff.pages import NothingToSave, WithSteps
from core.staff.teams import OfTeams

ADMINISTRATOR = "administrator"
BY_TEAMS = "By teams go: "
INTRODUCTION = """\
# Roles

Who may do what in the admin. This page is written by `python manage.py roles`; a test compares it with the code, and another one
opens every URL of the admin as each role and compares the answer with this table.

An **administrator** is a superuser: invites people and gives them roles. An **organiser** runs campaigns. A **moderator** looks after
signatures: sets fakes aside, removes them, puts them back. A **data officer** answers signers and courts, and is the only one,
besides administrators, who can see who signed: one row at a time, for a written reason, at most 30 an hour, and it stays on record;
and who can take it out as an export, sealed, of those alone who agreed to its purpose, with addresses only after a second person has
approved. An **analyst** reads what came of campaigns and takes out figures, in cells of five or more; nobody is in them.
Somebody may have several roles. Whoever has none sees one page, which says whom to ask.

A role says what somebody may do; with which campaigns, their *team* says. All but administrators find only campaigns on whose team
they are, with all that belongs to these; of others every address answers 404. Whoever makes a campaign is on its team at once, and
whoever may change it chooses the others; who is new on the staff is on none. Targets are offices, and of no team: what one of them
said is seen by all who address it, and its handle is changed by administrators where a live campaign of another team has it. What
is switched off for the whole site is up to administrators too. What somebody did last stays on their own first page.

*look*: the list, one row, and its history, which nobody can write. *add*, *change*, *delete*: by the form; what was public, or was
signed, stays whatever the role. *decide*: the actions of the list, or the
buttons of a row's page; there is nothing to fill in. All other words name a page of its
own: *announce* a campaign, *recall* that, set it *live*, *close* it and *put it away* into the archive, say that X's *terms* are
read, *log* what a target said as a response, *languages* of a campaign, *copy* one, *previews* of all that it will show and send
(each as *previews_mail* or *previews_drawn*), its *archive* once it is over, its *report* of some days (also as *report_csv* and
*report_pdf*), *retire* a sample there, the *sheet* to sign on paper, *move* a moment, *mail* an update, *preview* one, *withdraw*
what was public, *reveal* who signed, the *progress* of a decision, an export or a delivery that the workers carry out, *fetch* an
export or a delivery, record that one was handed to the target (*hand_over*), take figures out as *aggregates*, *choose* signatures by
conditions and act on all of them, have *names* of a pattern counted, *correct* a batch of paper or *check* it by counting again, add
the *scan* of a sheet, *open* that for a reason or *discard* it, *transfer* what waits for somebody who leaves, switch something off
for a while and on again by the *switches* of a campaign or the *site_switches*.
A campaign's own pages are *x*, *timeline*, *afterwards*, *press*, *paper*, *safety*, *team* and others: whoever may look at them may
save them only if *change* stands there too; on *moment*, *update*, *response* and *recap* one is made.

"""


class Holder:
    """Somebody with this one role: as much of a user as a permission asks for."""

    is_active = is_staff = True

    def __init__(self, role: str) -> None:
        self.role, self.is_superuser = role, role == ADMINISTRATOR

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        return self.role == ADMINISTRATOR or may(self.role, permission)


def page() -> str:
    """All of docs/roles.md."""
    admin.autodiscover()
    roles = [ADMINISTRATOR, *ROLES]
    lines = [f"| page of the admin | {' | '.join(roles)} |", "|---" * (len(roles) + 1) + "|"]
    pages = sorted((model._meta.label_lower.replace(".", "/"), page) for model, page in admin.site._registry.items())
    for name, of_model in pages:
        cells = [", ".join(_rights(of_model, role)) or "–" for role in roles]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    lines += ["", BY_TEAMS + ", ".join(f"`{name}`" for name, of_model in pages if isinstance(of_model, OfTeams)) + "."]
    return INTRODUCTION + "\n".join(lines) + "\n"


def _rights(page: admin.ModelAdmin[Any], role: str) -> list[str]:
    request = HttpRequest()
    request.user = cast(User, Holder(role))
    change = page.has_change_permission(request)
    is_form = not isinstance(page, NothingToSave)
    rights = {
        "look": page.has_view_permission(request),
        "add": page.has_add_permission(request),
        "change": change and is_form,
        "delete": page.has_delete_permission(request),
        "decide": change and (bool(page.actions) or (isinstance(page, NothingToSave) and page.decides)),
    }
    steps = {step: page.may(request, step) for step in page.steps} if isinstance(page, WithSteps) else {}
    return [name for name, given in (rights | steps).items() if given]
