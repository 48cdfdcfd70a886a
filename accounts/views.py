from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """What is kept about whoever is logged in, and the way out."""
    linked = SocialAccount.objects.filter(user=request.user)
    return render(request, "accounts/me.html", {"linked": linked})


@require_POST
@login_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """A supporter's account goes at once, with its link to X; staff are removed by other staff."""
    if request.user.is_staff:
        return redirect("account_me")
    user = request.user
    logout(request)
    user.delete()
    return redirect("home")


def shut(request: HttpRequest, **kwargs: str) -> HttpResponse:
    raise Http404
