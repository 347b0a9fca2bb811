"""One text has one Chinese, or a context that tells its meanings apart."""

from linli.web import catalogues


def test_every_app_reads_its_own_chinese():
    assert list(catalogues.clashes()) == []


def test_a_text_with_two_meanings_is_found(monkeypatch):
    read = catalogues._read

    def other(path):
        catalogue = read(path)
        if path.parts[-5] == "forum":
            catalogue.get("Write a floor").string = "写信"
        return catalogue

    assert read(catalogues.po_of(catalogues.PACKAGE / "forum")).get("Write a floor") is not None
    monkeypatch.setattr(catalogues, "_read", other)
    [(path, text, known, shown)] = catalogues.clashes()
    assert (path.split("/")[0], text, known) == ("forum", "Write a floor", "写信")
    assert shown != known
