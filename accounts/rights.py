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

Who may do what in the admin. `python manage.py roles` writes this page. One test compares it with the code; another opens every URL
of the admin as each role and compares the answer with the table below.

- An **administrator** is a superuser: invites people and gives them roles.
- An **organiser** runs campaigns.
- A **moderator** looks after signatures: sets fakes aside, removes them, puts them back.
- A **data officer** answers signers and courts. Besides administrators, only data officers can see who signed: one row at a time,
  for a written reason, at most 30 an hour, and it stays on record. They can also export, sealed, the signers who agreed to
  a purpose; addresses need a second person's approval.
- An **analyst** reads what came of campaigns and takes out figures, in cells of five or more, with no individual in them.
- Somebody with the role **press** writes press kits, with their embargo, and updates; reads reports, with groups of five or more.
  Nothing there says who signed.

One person may have several roles. Somebody without a role sees one page, which says whom to ask.

A role says what you may do; a campaign's *team* says with which campaigns. Apart from administrators, staff find only campaigns on
whose team they are, with everything that belongs to them; every other address answers 404. If you make a campaign, you are on its
team at once; anyone who may change it chooses the others. New staff are on no team. Targets are offices, and belong to no team: all
who address a target see what it said. If a live campaign of another team has its handle, only administrators may change that. They
also decide what is switched off for the whole site, and which languages it has. Your own last actions are on your first page.

Words in the table:

- *look*: the list, one row, and its history, which nobody can edit.
- *add*, *change*, *delete*: by the form. No role can delete what was public, or was signed.
- *decide*: the actions of the list, or the buttons on a row's page, without a form.

Every other word names a page. For a campaign: *announce* it, *recall* that, set it *live*, *close* it and *put it away* into the
archive, state that you have read X's *terms*, *log* what a target said as a response, edit its *languages*, *copy* it, see
*previews* of all that it will show and send (each as *previews_mail* or *previews_drawn*), its *archive* once it is over, its
*report* of some days (also as *report_csv* and *report_pdf*), *retire* a sample there, print the *sheet* to sign on paper, and
pause something and resume it by its *switches*. For the whole site: *site_switches*, and adding a language (*site_languages*). For
the rest: *move* a moment, *mail* an update, *preview* one, *withdraw* what was public, *reveal* who signed, see the *progress* of a
decision, an export or a delivery that the workers carry out, *fetch* an export or a delivery, record that one was handed to the
target (*hand_over*) and, when it comes, its *receipt* number, take figures out as *aggregates*, *choose* signatures by conditions
and act on all of them, count the *names* that fit a pattern, *correct* a batch of paper or *check* it by counting again, add the
*scan* of a sheet, *open* that for a reason or *discard* it, and *transfer* what waits for somebody who leaves.

A campaign's own pages are *x*, *timeline*, *afterwards*, *press*, *paper*, *safety*, *team* and others. If you may look at them, you
may save them only if the table also says *change*; *press* also with *change* of `campaigns/presskit`. *moment*, *update*,
*response* and *recap* are the pages where you make one.

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
