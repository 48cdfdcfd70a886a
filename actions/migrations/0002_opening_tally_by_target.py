import django.db.models.deletion
from django.db import migrations, models

# The cells stay still until this commits: what is added up below is what the triggers go on from. Openings are recorded meanwhile.
ADD_UP = """
LOCK TABLE actions_openingtally IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO actions_openingtallybytarget (action_id, target_id, opened)
SELECT action_id, target_id, sum(opened) FROM actions_openingtally GROUP BY 1, 2;

-- One writer of cells at a time: see the tally of signatures (petitions 0002).
CREATE FUNCTION actions_openingtally_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(3139, 0);
    RETURN NULL;
END $$;

CREATE FUNCTION actions_openingtally_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO actions_openingtallybytarget AS total (action_id, target_id, opened)
    SELECT action_id, target_id, sum(opened) FROM added GROUP BY 1, 2
    ON CONFLICT (action_id, target_id) DO UPDATE SET opened = total.opened + excluded.opened;
    RETURN NULL;
END $$;

CREATE FUNCTION actions_openingtally_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE actions_openingtallybytarget AS total SET opened = total.opened - gone.opened
    FROM (SELECT action_id, target_id, sum(opened) AS opened FROM taken GROUP BY 1, 2) AS gone
    WHERE total.action_id = gone.action_id AND total.target_id IS NOT DISTINCT FROM gone.target_id;
    RETURN NULL;
END $$;

CREATE TRIGGER opening_cells_are_written_alone BEFORE INSERT OR UPDATE OR DELETE ON actions_openingtally
FOR EACH STATEMENT EXECUTE FUNCTION actions_openingtally_alone();

CREATE TRIGGER new_opening_cells_add_up AFTER INSERT ON actions_openingtally
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION actions_openingtally_added();

CREATE TRIGGER changed_opening_cells_add_up AFTER UPDATE ON actions_openingtally
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION actions_openingtally_added();

CREATE TRIGGER changed_opening_cells_were_something AFTER UPDATE ON actions_openingtally
REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION actions_openingtally_taken();

CREATE TRIGGER deleted_opening_cells_were_something AFTER DELETE ON actions_openingtally
REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION actions_openingtally_taken();
"""
LEAVE = """
DROP FUNCTION actions_openingtally_added() CASCADE;
DROP FUNCTION actions_openingtally_taken() CASCADE;
DROP FUNCTION actions_openingtally_alone() CASCADE;
"""


class Migration(migrations.Migration):
    safe_because = "cells stay as they are, and whichever release writes them a trigger adds them up"

    dependencies = [
        ('actions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OpeningTallyByTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened', models.IntegerField()),
                ('action', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='opening_tallies_by_target', to='actions.tweetaction')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='actions.target')),
            ],
            options={
                'verbose_name_plural': 'opening tallies by target',
                'constraints': [models.UniqueConstraint(fields=('action', 'target'), name='one_opening_tally_per_target', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(ADD_UP, LEAVE),
    ]
