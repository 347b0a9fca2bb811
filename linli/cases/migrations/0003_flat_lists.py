"""Columns and indexes that keep lists, desk and search as quick at a million cases as at a thousand."""

import django.db.models.deletion
from django.db import migrations, models

from linli.cases import triggers


def drop_old_search(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX cases_search")
        return
    for name in ("in", "out", "new"):
        editor.execute(f"DROP TRIGGER cases_search_{name}")
    editor.execute("DROP TABLE cases_search")


def build(apps, editor):
    triggers.install(editor)
    triggers.count_again(editor)
    # The follower reads the journal from its start and writes every line anew.
    apps.get_model("journal", "Bookmark").objects.filter(follower="search").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_search_index"),
        ("journal", "0001_initial"),
        ("people", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(drop_old_search, migrations.RunPython.noop),
        migrations.DeleteModel("SearchLine"),
        migrations.RemoveIndex(model_name="case", name="case_desk"),
        migrations.RemoveIndex(model_name="case", name="case_newest"),
        migrations.AddField(
            model_name="case",
            name="listed_at",
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(("visibility", "public"), models.Q(("state", "merged"), _negated=True), models.Q(("alias", ""), ("published_at__isnull", False), _connector="OR")), then=models.F("received_at"))), output_field=models.DateTimeField(null=True)),
        ),
        migrations.AddField(
            model_name="case",
            name="band",
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(("state__in", ("routed", "accepted"))), then=models.Value("owed")), models.When(state="answered", then=models.Value("waiting"))), output_field=models.CharField(max_length=8, null=True)),
        ),
        migrations.AddField(
            model_name="case",
            name="returned_due_at",
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(("refusals__gt", 0), ("state", "routed"), models.Q(("sender__isnull", True), ("backstopped", True), _connector="OR")), then=models.F("due_at"))), output_field=models.DateTimeField(null=True)),
        ),
        migrations.AlterField(
            model_name="case",
            name="owner",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.organisation"),
        ),
        migrations.AlterField(
            model_name="case",
            name="place",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("band__isnull", False)), fields=["owner", "band", "due_at", "id"], name="case_desk"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("returned_due_at__isnull", False)), fields=["owner", "returned_due_at", "id"], name="case_returned"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at", "id"], name="case_open"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("listed_at__isnull", False)), fields=["-listed_at", "-id"], name="case_listed"),
        ),
        migrations.CreateModel(
            name="SearchLine",
            fields=[
                ("slot", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", models.TextField()),
                ("said", models.TextField(blank=True)),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="search_line", to="cases.case")),
            ],
        ),
        migrations.CreateModel(
            name="DeskLine",
            fields=[
                ("slot", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", models.TextField()),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="desk_line", to="cases.case")),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.BigIntegerField()),
                ("band", models.CharField(max_length=8)),
                ("sealed_kind", models.CharField(blank=True, max_length=40)),
                ("day", models.DateField()),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("n", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner_id", "band", "sealed_kind", "day", "part"), name="tally_once")],
            },
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
