from django.db import migrations


class Migration(migrations.Migration):
    """The keys of days are in Valkey now: data of unlogged tables is in every dump."""

    dependencies = [("core", "0004_languages")]

    operations = [migrations.DeleteModel(name="ClientKey")]
