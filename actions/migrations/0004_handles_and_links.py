import django.core.validators
from django.db import migrations, models
from django.db.models.functions import Length

import actions.length
from actions.length import LIMIT, LINK_ROOM, weighted_length

VALIDATORS = {
    "bluesky": django.core.validators.RegexValidator(
        r"^([a-z0-9-]+\.)+[a-z0-9-]+$", "A handle on Bluesky is a domain: name.bsky.social, without @."
    ),
    "threads": django.core.validators.RegexValidator(
        r"^[A-Za-z0-9_.]{1,30}$", "A handle on Threads has 1 to 30 letters, digits, dots or underscores, without @."
    ),
    "mastodon": django.core.validators.RegexValidator(
        r"^\w+@[a-z0-9.-]+\.[a-z0-9-]+$",
        "A handle on Mastodon has its server: name@social.example, without @ in front.",
    ),
}
MOST = {"bluesky": 253, "threads": 30, "mastodon": 255}


def leave_out_where_there_is_no_room(apps, schema_editor):  # noqa: ANN001, ANN201
    """Samples were up to 280 long so far: those that the address does not fit behind go without it."""
    sample = apps.get_model("actions", "SampleTweet")
    long = sample.objects.annotate(signs=Length("text")).filter(signs__gt=(LIMIT - LINK_ROOM) // 2)
    rows = long.values_list("pk", "text").iterator()
    full = [pk for pk, text in rows if weighted_length(text.replace("{target}", "@" + "x" * 15)) > LIMIT - LINK_ROOM]
    sample.objects.filter(pk__in=full).update(has_link=False)


def on_targets(model):  # noqa: ANN001, ANN201
    fields = {
        f"{network}_handle": models.CharField(
            f"handle on {network.capitalize()}",
            max_length=MOST[network],
            blank=True,
            default="",
            db_default="",
            validators=[validator],
            help_text='Without @. If empty, posts there use the name.',
        )
        for network, validator in VALIDATORS.items()
    }
    fields["email"] = models.EmailField(
        "public mail address",
        max_length=254,
        blank=True,
        default="",
        db_default="",
        help_text=(
            "The office's own, never a person's. Supporters write to it from their own mailbox, only at the level “standard”."
        ),
    )
    return [migrations.AddField(model, name, field) for name, field in fields.items()]


def on_samples(model):  # noqa: ANN001, ANN201
    words = "The post ends with the campaign's address."
    text = models.CharField(
        "text",
        max_length=500,
        validators=[actions.length.validate_sample],
        help_text='The whole post, with handle (or {target}) and hashtag: at most 280 characters as X counts, 256 with the address.',
    )
    return [
        migrations.AddField(
            model, "has_link", models.BooleanField("with address", default=True, db_default=True, help_text=words)
        ),
        migrations.AlterField(model, "text", text),
    ]


class Migration(migrations.Migration):
    safe_because = "it only adds columns with defaults, and fills a new one that the release before does not read"
    dependencies = [("actions", "0003_index_of_the_wall")]
    operations = [
        *on_targets("target"),
        *on_targets("historicaltarget"),
        *on_samples("sampletweet"),
        *on_samples("historicalsampletweet"),
        migrations.AddField(
            "tweet",
            "answer",
            models.CharField(
                "people may",
                max_length=8,
                choices=[("reply", "reply to it"), ("quote", "quote it")],
                blank=True,
                default="",
                db_default="",
            ),
        ),
        migrations.RunPython(leave_out_where_there_is_no_room, migrations.RunPython.noop, elidable=True),
    ]
