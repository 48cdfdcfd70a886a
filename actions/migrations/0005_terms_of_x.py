from django.db import migrations, models


def on(model):  # noqa: ANN001, ANN201
    words = {"blank": True, "default": "", "db_default": "", "editable": False}
    fields = {
        "terms_wanted": models.BooleanField(default=False, db_default=False, editable=False),
        "terms_read_at": models.DateTimeField("X's terms read on", null=True, editable=False),
        "terms_read_by": models.CharField("X's terms read by", max_length=150, **words),
        "x_approval": models.CharField("approval by X", max_length=200, **words),
    }
    return [migrations.AddField(model, name, field) for name, field in fields.items()]


class Migration(migrations.Migration):
    dependencies = [("actions", "0004_handles_and_links")]
    operations = [*on("tweetaction"), *on("historicaltweetaction")]
