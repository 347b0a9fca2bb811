"""The full-text index of the public search: FTS5 on SQLite, a GIN index on PostgreSQL."""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE cases_search USING fts5(
    words, content='cases_searchline', content_rowid='id', tokenize='unicode61 remove_diacritics 0'
);
CREATE TRIGGER cases_search_in AFTER INSERT ON cases_searchline BEGIN
    INSERT INTO cases_search(rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER cases_search_out AFTER DELETE ON cases_searchline BEGIN
    INSERT INTO cases_search(cases_search, rowid, words) VALUES ('delete', old.id, old.words);
END;
CREATE TRIGGER cases_search_new AFTER UPDATE OF words ON cases_searchline BEGIN
    INSERT INTO cases_search(cases_search, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO cases_search(rowid, words) VALUES (new.id, new.words);
END
"""
POSTGRESQL = "CREATE INDEX cases_search ON cases_searchline USING gin (to_tsvector('simple', words))"


def build(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
        return
    for statement in SQLITE.strip().split("\nCREATE "):
        text = statement if statement.startswith("CREATE") else f"CREATE {statement}"
        editor.execute(text.rstrip().removesuffix(";"))


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX cases_search")
        return
    for name in ("in", "out", "new"):
        editor.execute(f"DROP TRIGGER cases_search_{name}")
    editor.execute("DROP TABLE cases_search")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]
