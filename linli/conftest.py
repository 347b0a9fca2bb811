"""Shared by every test: catalogues are compiled, the clock stands where it stands."""

from linli.web import catalogues

catalogues.compile_all()
