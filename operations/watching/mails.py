"""How many mails wait, by whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Count, Q
from django.utils import timezone

from core.models import QueuedMail
from operations.watching.names import MAILS_DUE, MAILS_UNCERTAIN
from operations.watching.readers import Value, reads


@reads
def mails() -> Iterator[Value]:
    tried = Q(mail_attempts__gte=QueuedMail.ATTEMPTS)
    for model in apps.get_models():
        if issubclass(model, QueuedMail):
            waiting = model.objects.filter(mail_due_at__lte=timezone.now())
            found = waiting.aggregate(due=Count("pk", filter=~tried), uncertain=Count("pk", filter=tried))
            yield MAILS_DUE, (model.__name__,), found["due"]
            yield MAILS_UNCERTAIN, (model.__name__,), found["uncertain"]
