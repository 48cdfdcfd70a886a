from django.db import migrations


class Migration(migrations.Migration):
    """The keys for client addresses are lost with a crash and stay out of every dump: that is what they are for."""

    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL("ALTER TABLE core_clientkey SET UNLOGGED", "ALTER TABLE core_clientkey SET LOGGED"),
    ]
