"""How static files are named in production: by their content, so that they are fetched once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# behaviours.js fetches its modules by import(); they must be asked for under their hashed names.
IMPORTS = (r"""(?P<matched>import\("(?P<url>\./[^"]+)"\))""", 'import("%(url)s")')
FROM = (r"""(?P<matched>from "(?P<url>\.{1,2}/[^"]+)")""", 'from "%(url)s"')


class HashedFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed, and with our own scripts' imports rewritten; foreign scripts are left."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("site/js/*.js", (IMPORTS,)),
                ("field/*.js", (IMPORTS, FROM)), ("travel/*.js", (FROM,)))  # fmt: skip
