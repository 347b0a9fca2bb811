"""A child leaves with an adult on its own list, and no session ends with a child inside."""

from django.db import migrations

from linli.clubs import guard


def forwards(apps, schema_editor):
    guard.put_up(schema_editor.connection)


def backwards(apps, schema_editor):
    guard.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("clubs", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
