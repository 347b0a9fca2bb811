"""`linli i18n`: collect texts from code and pages, compile the catalogues. Needs no gettext tools."""

import click

from linli.web import catalogues


@click.group()
def i18n() -> None:
    """Translations: source texts are English, every app carries its Chinese."""


@i18n.command()
@click.argument("app", nargs=-1)
def extract(app: tuple[str, ...]) -> None:
    """Update the catalogue of APP (or of every app) from its code and templates."""
    for folder in catalogues.apps():
        if not app or folder.name in app:
            missing = catalogues.extract(folder)
            click.echo(f"{folder.name}: {missing} without Chinese")


@i18n.command("compile")
def compile_command() -> None:
    """Compile every catalogue that changed."""
    click.echo(f"{catalogues.compile_all()} catalogues compiled")


@i18n.command()
def check() -> None:
    """Say which texts have no Chinese, or another app's; exit 1 if there are any."""
    gaps = [f"{path}: {text}" for path, text in catalogues.gaps()]
    clashes = [f"{path}: {text}: “{known}” is shown as “{shown}”"
               for path, text, known, shown in catalogues.clashes()]  # fmt: skip
    for line in gaps + clashes:
        click.echo(line)
    apps = len(list(catalogues.apps()))
    click.echo(f"{len(gaps)} texts without Chinese in {apps} apps, {len(clashes)} with another's")
    raise SystemExit(bool(gaps or clashes))
