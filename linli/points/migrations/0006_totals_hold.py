"""A total of a year is true and stays, and only the lines that it counts may go."""

from django.db import migrations

from linli.points import guards


def forwards(apps, schema_editor):
    guards.let_years_fold(schema_editor.connection)


def backwards(apps, schema_editor):
    guards.take_down(schema_editor.connection)
    guards.put_up_without_totals(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("points", "0005_year_totals")]
    operations = [migrations.RunPython(forwards, backwards)]
