"""The full-text index of the forum."""

from django.db import migrations

from linli.forum import triggers


def build(apps, editor):
    triggers.install(editor)


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
